// RFC 9110, sections 13 and 14.
#include "edge/byte_range.hpp"

#include <algorithm>
#include <optional>

#include "edge/field_list.hpp"
#include "service/text.hpp"

namespace berth::edge {

namespace {

bool is(std::string_view quoted, std::string_view etag) {
  return quoted.size() == etag.size() + 2 && quoted.front() == '"' && quoted.back() == '"' &&
         quoted.substr(1, etag.size()) == etag;
}

// weak: W/"x" is "x", too.
bool names(std::string_view list, std::string_view etag, bool weak) {
  while (!list.empty()) {
    auto one = take_item(list);
    if (one == "*") return true;
    if (weak && one.starts_with("W/")) one.remove_prefix(2);
    if (is(one, etag)) return true;
  }
  return false;
}

}  // namespace

Wanted wanted_of(std::uint64_t size, std::string_view etag, const Conditions& conditions) {
  const Wanted all{200, 0, size};
  std::string_view range = conditions.range;
  if (!conditions.if_match.empty() && !names(conditions.if_match, etag, false)) return {412, 0, 0};
  if (!conditions.if_none_match.empty() && names(conditions.if_none_match, etag, true)) return {304, 0, 0};
  if (!range.starts_with("bytes=") || range.find(',') != std::string_view::npos) return all;
  if (!conditions.if_range.empty() && !is(conditions.if_range, etag)) return all;
  range.remove_prefix(6);
  const auto dash = range.find('-');
  if (dash == std::string_view::npos) return all;
  const auto first = service::parse_count(range.substr(0, dash));
  const auto last = service::parse_count(range.substr(dash + 1));
  if (!first && dash > 0) return all;
  if (!last && dash + 1 < range.size()) return all;
  if (!first && !last) return all;
  if (!first) {
    if (*last == 0 || size == 0) return {416, 0, 0};
    return {206, size - std::min(*last, size), size};
  }
  if (last && *last < *first) return all;
  if (*first >= size) return {416, 0, 0};
  return {206, *first, last ? std::min(*last, size - 1) + 1 : size};
}

}  // namespace berth::edge
