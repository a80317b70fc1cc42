// What programs write, as text: no character is torn, and what is none becomes U+FFFD.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace shell {

// How many bytes from the start on are whole characters. What is left, three bytes at the most, may be the begin of one
// that goes on with what comes next.
std::size_t whole_size(std::string_view bytes);
// Where the first character begins: behind what is left of one that is gone.
std::size_t first_whole(std::string_view bytes);
std::string clean(std::string_view bytes);  // UTF-8, whatever it was

// The whole characters of what comes piece by piece.
class Whole {
 public:
  std::string add(std::string_view bytes);
  std::string rest() { return std::exchange(m_rest, {}); }

 private:
  std::string m_rest;
};

}  // namespace shell
