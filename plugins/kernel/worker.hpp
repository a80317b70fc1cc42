// What runs the cells of a kernel: one process, that was forked (forked_worker) or is a kernel of somebody else's
// (foreign/). It is asked in the words of python/README.md and tells in the same; it may be a stranger, so nothing of
// that is believed.
#pragma once

#include <berth/call.hpp>
#include <sys/types.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <berth/fd.hpp>

#include "sequence.hpp"

namespace kernel {

class Worker {
 public:
  struct Ears {
    std::function<void(Told)> told = {};
    std::function<void(std::string why)> ended = {};  // once, after the last that was told; not after kill()
  };
  // One of the two, once.
  using Born = std::function<void(std::shared_ptr<Worker>, std::optional<berth::Error>)>;
  // For whoever waits for one no more: it ends, unless it is born already, and Born hears of that.
  using GiveUp = std::function<void()>;

  // All on the loop's thread.
  virtual ~Worker() = default;  // kills it
  virtual void listen(Ears ears) = 0;
  virtual void send(const berth::Json& frame, std::vector<berth::Fd> files = {}) = 0;
  virtual bool interrupt() = 0;
  virtual void kill() = 0;           // at once; nothing is told any more
  virtual void hold(bool held) = 0;  // whoever listens is slow: it is to stand still
  virtual pid_t pid() const = 0;     // as this process sees it
  virtual bool over() const = 0;
  virtual berth::Json about() const = 0;  // what engine it is; the fields are the engine's own
  virtual berth::Json debug() const = 0;  // for who looks for a fault
};

}  // namespace kernel
