// Which jail a process is to be in, asked by those who start processes; who answers knows sessions and plugins.
#pragma once

#include <memory>
#include <string>

#include "jail/jail.hpp"
#include "service/error.hpp"

namespace berth::jail {

class Places {
 public:
  virtual ~Places() = default;
  // The jail of a session, opened if it is not yet; an Error (404) if there is no such session. Takes milliseconds:
  // not for an I/O thread.
  virtual service::Result<std::shared_ptr<Jail>> jail_of(const std::string& session) = 0;
};

}  // namespace berth::jail
