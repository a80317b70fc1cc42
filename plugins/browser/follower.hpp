// Whoever else hears the one browser, beside its guard. On the loop's thread.
#pragma once

#include <string>

#include "envelope.hpp"
#include "cdp.hpp"

namespace browser {

class Follower {
 public:
  virtual ~Follower() = default;
  virtual bool message(const Envelope& message) = 0;                       // false: it was for others
  virtual void target(const std::string& method, const Json& params) = 0;  // what becomes of targets
  virtual void lost(const std::string& why) = 0;                           // the browser has ended
  virtual void ended(const std::string& session) = 0;                      // one of Berth's
};

}  // namespace browser
