// Which sessions there are, as it is asked for every call: by the I/O thread, which touches no disk for it.
#pragma once

#include <optional>
#include <string>

#include "service/error.hpp"
#include "session/asker.hpp"

namespace berth::session {

class Roll {
 public:
  virtual ~Roll() = default;
  // Why there can be no call in the asker's session; null: there can.
  virtual std::optional<service::Error> refusal(const Asker& asker) const = 0;
  // A call in a session other than main has begun, or ended.
  virtual void began(const std::string& session) = 0;
  virtual void ended(const std::string& session) = 0;
};

}  // namespace berth::session
