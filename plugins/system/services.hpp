// systemd's services, over D-Bus. Where there is no systemd, as in a container, that is the answer.
#pragma once

#include <berth/schema.hpp>

#include <functional>
#include <string>

struct sd_bus;

namespace machine {

class Services {
 public:
  // Gives a connection to where systemd listens, or throws; a test gives its own.
  using Open = std::function<sd_bus*()>;
  explicit Services(Open open = &system_bus) : m_open(std::move(open)) {}

  berth::Json list(const berth::Json& input) const;
  berth::Json status(const berth::Json& input) const;

  static sd_bus* system_bus();

 private:
  const Open m_open;
};

// "ssh" means "ssh.service"; what has a kind already stays.
std::string unit_name(const std::string& service);

}  // namespace machine
