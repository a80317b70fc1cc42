// Small work with texts that several parts have.
#pragma once

#include <algorithm>
#include <initializer_list>
#include <string>
#include <string_view>

namespace browser {

template <class List>
bool one_of(std::string_view word, const List& all) {
  return std::find(std::begin(all), std::end(all), word) != std::end(all);
}
inline bool one_of(std::string_view word, std::initializer_list<std::string_view> all) {
  return std::find(all.begin(), all.end(), word) != all.end();
}

// "%41" is "A"; what is no such escape stays. Bytes, perhaps no text.
std::string unescaped(std::string_view text);

std::string random_hex(std::size_t bytes);  // two digits each

}  // namespace browser
