// A forward proxy for one jail: it answers on a socket that listens inside and connects from the host, to where the
// allow-list says and nowhere else. Everything on the I/O thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "service/error.hpp"
#include "service/event_loop.hpp"
#include "service/proxy/resolver.hpp"
#include "service/proxy/rules.hpp"

namespace berth::service::proxy {

class Proxy {
 public:
  // `listener` listens already; it stays the caller's, who may close it at any time, since the proxy keeps a duplicate.
  // `resolver` outlives the proxy.
  static Result<std::unique_ptr<Proxy>> open(EventLoop& loop, Resolver& resolver, int listener, Rules rules);
  ~Proxy();  // all its connections end at once
  Proxy(const Proxy&) = delete;

  std::size_t connections() const;

 private:
  struct Body;
  explicit Proxy(std::shared_ptr<Body> body);
  std::shared_ptr<Body> m_body;
};

// What programs inside want in their environment to find it: http_proxy=http://127.0.0.1:3128 and its like.
std::vector<std::string> environment(std::uint16_t port);

}  // namespace berth::service::proxy
