// Which sessions there are, as it is asked for every call: by the I/O thread, which touches no disk for it.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "service/error.hpp"
#include "session/asker.hpp"

namespace berth::session {

// Somebody is at work in a session, which does not expire meanwhile; until it is let go.
using Stay = std::shared_ptr<const void>;

class Roll {
 public:
  virtual ~Roll() = default;
  // Why there can be no call in the asker's session; null: there can.
  virtual std::optional<service::Error> refusal(const Asker& asker) const = 0;
  virtual Stay stay(const std::string& session) = 0;  // null: there is no such session
};

}  // namespace berth::session
