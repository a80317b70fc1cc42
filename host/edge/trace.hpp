// Names for requests: X-Request-Id and the W3C trace context, taken from the client where it gave good ones.
#pragma once

#include <string>
#include <string_view>

namespace berth::edge {

std::string request_id_of(std::string_view given);

struct Trace {
  std::string id;      // 32 hex digits
  std::string parent;  // the traceparent to pass on: the same trace, a span of our own
};
Trace trace_of(std::string_view given);

}  // namespace berth::edge
