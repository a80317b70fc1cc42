// The only parser of bytes that come from clients: Beast's for heads, made strict, and our own for bodies. Fed with
// whatever arrives, it gives a head and then the pieces of a body. No sockets in here, so that a fuzzer and a unit test
// can drive it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "edge/request_head.hpp"
#include "service/error.hpp"

namespace berth::edge {

struct HeadLimits {
  std::uint64_t header = 32u << 10;
  std::uint32_t fields = 100;
  std::uint32_t target = 8u << 10;
};

class RequestReader {
 public:
  explicit RequestReader(const HeadLimits& limits);
  ~RequestReader();
  RequestReader(const RequestReader&) = delete;

  enum class Stage { head, body, done };
  struct Step {
    std::size_t used = 0;                   // of the given bytes
    bool more = false;                      // nothing more can be said until more bytes come
    std::optional<service::Error> error{};  // the connection is of no further use
  };

  // Goes forward within one stage; call again while it uses bytes or changes the stage. A head is used only when it is
  // whole: until then give the same bytes again, with what has come since.
  Step feed(std::string_view bytes);
  Stage stage() const;
  bool begun() const;  // a byte of the head was seen
  const RequestHead& head() const;
  std::string take_body();  // what was gathered of the body since the last call
  std::size_t gathered() const;

  void next(const HeadLimits& limits);  // forget this request and expect another

 private:
  struct Body;
  std::unique_ptr<Body> m_body;
};

}  // namespace berth::edge
