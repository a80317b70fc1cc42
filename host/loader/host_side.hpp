// The functions of berth_host, as one plugin sees them: each finds its call by number and passes the answer on to its
// Reply. A number that is not known (any more) is an answer that comes twice or too late; it is logged and harms
// nobody.
#pragma once

#include <berth/abi.h>

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "loader/line_gate.hpp"
#include "loader/provider.hpp"
#include "loader/services/lent.hpp"
#include "service/error.hpp"
#include "service/log.hpp"

namespace berth::loader {

class HostSide {
 public:
  HostSide(std::string plugin, service::Log& log);
  ~HostSide();
  HostSide(const HostSide&) = delete;
  static HostSide& of(const berth_host* host);  // whose table it is

  void lend(std::unique_ptr<Lent> lent);  // before anybody is given api()
  Lent& lent() const { return *m_lent; }

  const berth_host* api() const { return &m_table.api; }
  std::optional<service::Error> refusal() const { return m_refusal; }
  // What people read, without secrets.
  service::Error told(const berth_failure* failure) const;
  std::string masked(std::string text) const;

  berth_call open(std::shared_ptr<Reply> reply);
  std::shared_ptr<Reply> find(berth_call call) const;
  std::shared_ptr<Reply> close(berth_call call);
  void close_all();   // after destroy(): a call that is open holds the plugin that holds it
  void leave();       // the instance is gone: nothing that somebody says in its name is carried out any more
  void stray_note();  // but said of it, in the log
  std::size_t open_calls() const;
  std::vector<std::shared_ptr<Reply>> open() const;
  const std::string& plugin() const { return m_plugin; }
  service::Log& log() const { return m_log; }
  bool may_say(std::size_t bytes) const { return !m_gate || m_gate->lets(bytes); }  // one more line of the log
  void look() {
    if (m_gate) m_gate->look();
  }

 private:
  friend struct HostFunctions;
  struct Table {  // api first, so that a berth_host leads back to its owner
    berth_host api;
    HostSide* owner;
  };

  // A call's number is its seat and how many calls sat there before: a number that is out of date finds nobody.
  struct Seat {
    std::uint32_t round = 0;
    std::shared_ptr<Reply> reply;
  };
  const Seat* seat_of(berth_call call) const;
  void stray(std::string_view what, berth_call call);

  Table m_table;
  const std::string m_plugin;
  service::Log& m_log;
  mutable std::mutex m_mutex;
  std::vector<Seat> m_seats;
  std::vector<std::uint32_t> m_free;  // of them
  std::optional<service::Error> m_refusal;
  std::unique_ptr<LineGate> m_gate;
  std::unique_ptr<Lent> m_lent;
};

// Of instances that were in the host's process. A thread that one has left behind may still call, and as its library is
// never unloaded, what it calls with is never freed either: what it says is named, and comes to nobody.
class LeftSides {
 public:
  void keep(std::unique_ptr<HostSide> side);  // any thread
  // The host has ended, and such a thread may not have: what is here, if anything is, stays until the process ends, and
  // takes the log that it writes to along.
  void outlive(std::unique_ptr<service::Log>& log);

 private:
  std::mutex m_mutex;
  std::vector<std::unique_ptr<HostSide>> m_all;
};

}  // namespace berth::loader
