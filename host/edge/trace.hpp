// Names for requests: X-Request-Id and the W3C trace context, taken from the client where it gave good ones.
#pragma once

#include <string>
#include <string_view>

namespace berth::edge {

std::string request_id_of(std::string_view given);

// The traceparent to pass on: the same trace, a span of our own.
std::string traceparent_of(std::string_view given);

}  // namespace berth::edge
