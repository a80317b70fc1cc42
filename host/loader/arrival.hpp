// A plugin on its way in: its library checked and copied, its instance created where it shall run and, if it is to take
// the place of another, tried. Nothing that runs already is touched, so it can fail at any step and nobody notices.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "loader/departures.hpp"
#include "loader/finder.hpp"
#include "loader/library_copy.hpp"
#include "loader/outfit.hpp"
#include "loader/plugin.hpp"
#include "loader/process/far_plugin.hpp"
#include "loader/survey.hpp"
#include "loader/trial.hpp"

namespace berth::loader {

class Arrival : public std::enable_shared_from_this<Arrival> {
 public:
  struct Around {
    const Surroundings& near;
    const Keeper::Around& far;
    const LibraryCopies& copies;
    Departures& departures;
    const HostServices* services;  // null: none
  };
  struct Arrived {
    Instance instance;
    std::string copy;  // of its library
    Outfit outfit;
  };
  using Done = std::function<void(service::Result<Arrived>)>;

  // On the I/O thread, as is `done`, which is called once and never before this returns.
  static void begin(const Around& around, Candidate candidate, Done done);

  Arrival(const Around& around, Candidate candidate, Done done);

 private:
  void admit();
  void create();
  void create_near(const Found& checked);
  void create_far(const Found& checked);
  void created(service::Result<Instance> instance);
  void try_next();
  void tried(const Operation& operation, const std::optional<service::Error>& failed);
  void end(std::optional<service::Error> failed = std::nullopt);
  void give_up_later(const char* what);
  template <class Work, class Then>
  void aside(Work work, Then then);

  const Around m_around;
  const Candidate m_candidate;
  Done m_done;
  boost::asio::steady_timer m_deadline;
  Arrived m_arrived;
  std::size_t m_next = 0;  // operation to be tried
  std::shared_ptr<Trial> m_trial;
};

}  // namespace berth::loader
