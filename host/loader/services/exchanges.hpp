// What one plugin instance asks services of this machine: from any thread, carried on the I/O thread, heard in its
// turn.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>

#include "service/event_loop.hpp"
#include "service/http/client.hpp"

namespace berth::loader {

class Exchanges {
 public:
  using Enter = std::function<void(std::function<void()>)>;
  struct Ears {
    std::function<void(std::uint64_t exchange, int status, const service::HttpFields&)> head;
    std::function<bool(std::uint64_t exchange, std::string_view piece)> piece;  // false: no more until resume()
    std::function<void(std::uint64_t exchange, const std::optional<service::Error>&)> ended;
  };
  Exchanges(service::EventLoop& loop, Enter enter, Enter enter_beside, std::size_t most);
  ~Exchanges();
  void end();  // any thread: nothing is heard any more, none is started

  // Any thread, all of them.
  std::uint64_t start(service::HttpRequest request, Ears ears, bool beside);  // 0: not now
  void resume(std::uint64_t exchange);
  void cancel(std::uint64_t exchange);  // it is not heard any more
  bool wait(std::uint64_t exchange);

 private:
  struct One;
  struct Body;
  std::shared_ptr<Body> m_body;
};

}  // namespace berth::loader
