// Asks services of this machine: kept connections, limits, and an answer that comes no faster than it is taken.
// Everything on the I/O thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "service/error.hpp"
#include "service/event_loop.hpp"

namespace berth::service {

using HttpFields = std::vector<std::pair<std::string, std::string>>;

struct HttpRequest {
  std::string target;  // as parse_target() takes it
  std::string method = "GET", path = "/";
  HttpFields fields = {};
  std::string body = {};
  std::chrono::milliseconds patience{30'000};  // with a service that says nothing
  std::uint64_t body_most = 1u << 30;          // of the answer
};

class HttpExchange {  // one question; ends with this object
 public:
  virtual ~HttpExchange() = default;
  virtual void resume() = 0;
};

class HttpClient {
 public:
  struct Ears {
    std::function<void(int status, const HttpFields&)> head;
    std::function<bool(std::string_view)> piece;             // false: no more until resume()
    std::function<void(const std::optional<Error>&)> ended;  // once; nothing: the answer is whole
  };
  explicit HttpClient(EventLoop& loop);
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;

  // Error codes: not_loopback and bad_request at once; later unreachable, not_permitted (Unix sockets, by the
  // system), silent, cut_off, stranger, answer_too_large.
  Result<std::shared_ptr<HttpExchange>> start(HttpRequest request, Ears ears);

 private:
  struct Kept;
  std::shared_ptr<Kept> m_kept;
};

}  // namespace berth::service
