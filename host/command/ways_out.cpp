// Jails are opened and closed on many threads, proxies live on one: the loop brings both together, in their order.
#include "command/ways_out.hpp"

#include <fcntl.h>

#include <utility>

#include "service/unique_fd.hpp"

namespace berth::command {

namespace proxy = service::proxy;

std::shared_ptr<void> WaysOut::open(const std::string& session, int listener, proxy::AllowList allow) {
  const std::uint64_t number = ++m_last;
  auto own = std::make_shared<service::UniqueFd>(::fcntl(listener, F_DUPFD_CLOEXEC, 0));
  m_loop.post([this, number, session, own, allow = std::move(allow)]() mutable {
    begin(number, session, own->get(), std::move(allow));
  });
  const auto close = [this, number](void*) { m_loop.post([this, number] { m_proxies.erase(number); }); };
  return {static_cast<void*>(this), close};
}

void WaysOut::begin(std::uint64_t number, const std::string& session, int listener, proxy::AllowList allow) {
  proxy::Rules rules;
  rules.label = session;
  rules.allow = std::move(allow);
  rules.log = [this](const proxy::Record& record) { proxy::write(m_log, record); };
  auto made = proxy::Proxy::open(m_loop, m_names, listener, std::move(rules));
  if (made)
    m_proxies.emplace(number, std::move(*made));
  else
    m_log.write(service::Level::error, "proxy", "a session has no way out",
                {{"session", session}, {"reason", made.error().message}});
}

}  // namespace berth::command
