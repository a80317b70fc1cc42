// The forward proxies of sessions whose network is "proxy": one for each open jail, as long as it is open.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "service/event_loop.hpp"
#include "service/log.hpp"
#include "service/proxy/proxy.hpp"
#include "service/proxy/resolver.hpp"

namespace berth::command {

class WaysOut {
 public:
  WaysOut(service::EventLoop& loop, service::Log& log) : m_loop(loop), m_log(log), m_names(loop) {}

  // For a jail that was opened; `listener` is its own. Its way out is open until what is returned is let go. Any
  // thread; never blocks.
  std::shared_ptr<void> open(const std::string& session, int listener, service::proxy::AllowList allow);
  // Nothing passes any more. I/O thread; what open() returned may outlive it, but not this.
  void end() { m_proxies.clear(); }

 private:
  void begin(std::uint64_t number, const std::string& session, int listener, service::proxy::AllowList allow);

  service::EventLoop& m_loop;
  service::Log& m_log;
  service::proxy::SystemResolver m_names;
  std::atomic<std::uint64_t> m_last{0};
  std::map<std::uint64_t, std::unique_ptr<service::proxy::Proxy>> m_proxies;  // I/O thread only
};

}  // namespace berth::command
