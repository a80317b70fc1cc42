// The items of a field that is a comma-separated list (RFC 9110, 5.6.1), one after the other.
#pragma once

#include <algorithm>
#include <string_view>

namespace berth::edge {

// Takes the first item off the list, without the blanks around it.
inline std::string_view take_item(std::string_view& list) {
  auto item = list.substr(0, list.find(','));
  list.remove_prefix(std::min(item.size() + 1, list.size()));
  while (item.starts_with(' ')) item.remove_prefix(1);
  while (item.ends_with(' ')) item.remove_suffix(1);
  return item;
}

}  // namespace berth::edge
