// The host's end of one plugin's services: takes what its instances say, whichever process they live in, checks and
// bounds it, and lets go of all they had when they are gone. Everything but take() and leave() is on the I/O thread.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "loader/services/desk.hpp"
#include "loader/services/grants.hpp"
#include "service/log.hpp"
#include "service/loop.hpp"

namespace berth::loader {

// What the host has, of which desks give plugins their part.
struct HostServices {
  service::Loop& loop;
  service::Log& log;
  std::string folder;  // holds each plugin's state folder
};

class HostDesk : public Desk, public std::enable_shared_from_this<HostDesk> {
 public:
  HostDesk(const HostServices& host, std::string plugin, std::set<std::string> services, Rights rights);

  void take(Note note, std::shared_ptr<Reply> call) override;
  void connect(std::function<void(Note)> hear) override { m_hear = std::move(hear); }
  void leave() override;

  // As take(), of what came over a link.
  void serve(Note note, std::shared_ptr<Reply> call);
  // The instance is gone; another one may follow.
  void reset(const std::string& why);

  void tell(Note note) const {
    if (m_hear) m_hear(std::move(note));
  }

 private:
  void work_off();
  bool lent(Verb verb) const;

  const HostServices& m_host;
  const std::string m_plugin;
  const std::set<std::string> m_services;
  const Rights m_rights;
  std::function<void(Note)> m_hear;

  std::mutex m_mutex;  // guards what follows
  std::vector<std::pair<Note, std::shared_ptr<Reply>>> m_inbox;
};

}  // namespace berth::loader
