// What the routes of the bare Beast server read of a query.
#pragma once

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>
#include <string_view>

#include "beast_routes.hpp"

namespace berth::bench {

inline Answer refuse(unsigned status, std::string_view why) {
  return {status, "{\"status\":" + std::to_string(status) + ",\"title\":\"" + std::string(why) + "\"}"};
}

inline std::optional<long> integer_in(std::string_view text, long least, long most) {
  long value = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failed != std::errc() || end != text.data() + text.size() || value < least || value > most) return std::nullopt;
  return value;
}

// Calls each(name, value) for the pairs of a query until one is refused; the bench sends no escapes.
template <class Each>
bool for_each_pair(std::string_view query, Each each) {
  while (!query.empty()) {
    const auto pair = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(pair.size() + 1, query.size()));
    const auto equals = pair.find('=');
    if (equals == std::string_view::npos || !each(pair.substr(0, equals), pair.substr(equals + 1))) return false;
  }
  return true;
}

}  // namespace berth::bench
