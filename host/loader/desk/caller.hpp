// How plugins call operations: the dispatcher above, as the loader sees it. I/O thread only.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "loader/provider.hpp"
#include "service/error.hpp"
#include "service/unique_fd.hpp"
#include "session/asker.hpp"

namespace berth::loader {

class Caller {
 public:
  class Ears {  // never after the last of send, fail, file, finish
   public:
    virtual ~Ears() = default;
    virtual void send(std::string json) = 0;
    virtual void fail(service::Error error) = 0;
    virtual void file(service::UniqueFd fd, Head head) = 0;
    virtual void begin(Head head) = 0;
    virtual void chunk(Chunk chunk) = 0;
    virtual void finish(std::uint32_t code, std::string reason) = 0;
  };
  class Call {
   public:
    virtual ~Call() = default;
    virtual void cancel() = 0;                     // the ears hear nothing more
    virtual void consumed(std::size_t bytes) = 0;  // of chunks
  };
  struct Ask {
    std::string operation, input;
    std::shared_ptr<const session::Asker> asker;
  };

  virtual ~Caller() = default;
  // May answer before it returns. Null if the call was refused.
  virtual std::shared_ptr<Call> start(Ask ask, std::shared_ptr<Ears> ears) = 0;
};

}  // namespace berth::loader
