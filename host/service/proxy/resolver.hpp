// Names become addresses here, in the host: what is inside a jail asks no name server.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "service/error.hpp"
#include "service/event_loop.hpp"
#include "service/proxy/address.hpp"

namespace berth::service::proxy {

class Resolver {
 public:
  using Then = std::function<void(Result<std::vector<Address>>)>;
  virtual ~Resolver() = default;
  // I/O thread. The answer comes there later, and never once the returned lookup was let go. `who` asks: nobody's
  // names wait for those of somebody else.
  virtual std::shared_ptr<void> resolve(const std::string& who, const std::string& name, Then then) = 0;
};

// As the machine does: /etc/hosts, then its name servers. A name is taken as it stands, without search domains.
class SystemResolver : public Resolver {
 public:
  explicit SystemResolver(EventLoop& loop);
  ~SystemResolver() override;  // waits for lookups that have begun, some seconds at most
  std::shared_ptr<void> resolve(const std::string& who, const std::string& name, Then then) override;

 private:
  struct Body;
  std::shared_ptr<Body> m_body;
};

}  // namespace berth::service::proxy
