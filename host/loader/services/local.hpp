// What an instance is lent that waits here: for time, descriptors, programs that the host starts for it.
#pragma once

#include <berth/abi.h>

#include <functional>
#include <mutex>
#include <optional>
#include <string>

#include "loader/services/desk_launcher.hpp"
#include "loader/services/exchanges.hpp"
#include "loader/services/lent.hpp"
#include "loader/services/processes.hpp"
#include "service/store.hpp"
#include "service/timers.hpp"

namespace berth::loader {

class Local {
 public:
  Local(const Lent::Place& place, const Lending& lending);
  // Any thread. False: what is waited for would be heard only after create(), which waits for it.
  bool may_wait() const { return !m_creating(); }
  void end();  // any thread: nothing of it calls the plugin any more, and what it had started is ended

  service::Timers& timers() { return m_timers; }
  Processes& processes() { return m_processes; }
  Exchanges& exchanges() { return m_exchanges; }
  void hear(const Note& note) { m_launcher.hear(note); }  // of a program; I/O thread
  service::Result<const service::Store*> store();         // any thread

  static Local* of(const berth_host* host);

 private:
  const std::function<bool()> m_creating;
  DeskLauncher m_launcher;
  const std::string m_folder;  // where the store is
  const std::uint64_t m_limit;
  std::mutex m_mutex;  // guards what follows
  std::optional<service::Store> m_store;
  service::Timers m_timers;
  Processes m_processes;
  Exchanges m_exchanges;
};

}  // namespace berth::loader
