// Plugins on their way out: no new call reaches them, and each is kept until its last one has ended, and its last job;
// what has not ended within leave_time is ended here. Everything on the I/O thread.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstddef>
#include <list>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "loader/desk/host_desk.hpp"
#include "loader/plugin.hpp"
#include "loader/process/far_plugin.hpp"
#include "loader/provider.hpp"
#include "loader/wish.hpp"

namespace berth::loader {

struct Instance {  // of a plugin; empty if there is none
  std::shared_ptr<Provider> provider;
  std::shared_ptr<FarPlugin> far;       // the same, if it has a process of its own
  std::shared_ptr<HostDesk> desk = {};  // whose jobs hold it; of one that was taken in

  std::size_t jobs() const { return desk ? desk->jobs().size() : 0; }  // that go on
};

class Departures {
 public:
  Departures(const Surroundings& near, service::EventLoop& loop) : m_near(near), m_timer(loop.context()) {}

  void add(Instance instance);
  void limit(std::chrono::milliseconds leave_time) { m_leave_time = leave_time; }  // of those that leave already, too
  std::size_t open_calls(const std::string& name) const;                           // of all that bear this name
  std::size_t jobs(const std::string& name) const;
  std::size_t count(const std::string& name) const;
  nlohmann::json facts(const std::string& name) const;  // for /status; null if there are none

  // At the end of the host: nobody waits for their calls any more. `running` counts the processes that have not gone.
  void end(std::size_t& running);
  void clear();  // and after that, when no thread is in a plugin any more

 private:
  struct Leaving : Instance {
    std::chrono::steady_clock::time_point since = std::chrono::steady_clock::now();
    bool overdue = false;  // and what held it was told so
  };
  void look_later();
  void look();
  void hurry(Leaving& one) const;
  void let_go(std::list<Leaving>::iterator at);

  const Surroundings m_near;
  boost::asio::steady_timer m_timer;
  std::chrono::milliseconds m_leave_time = usual_leave_time;
  std::list<Leaving> m_leaving, m_ending;  // still held by calls; processes that were told to end
  bool m_looking = false;
};

}  // namespace berth::loader
