// The I/O thread, as the rooms below the edge see it: a place to put work that must not run anywhere else.
#pragma once

#include <functional>

namespace berth::service {

class Loop {
 public:
  virtual ~Loop() = default;
  virtual void post(std::function<void()> job) = 0;  // any thread
  virtual bool here() const = 0;                     // is this the I/O thread?
};

}  // namespace berth::service
