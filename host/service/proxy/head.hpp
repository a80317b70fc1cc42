// The head of an HTTP/1 message, read as strictly as RFC 9112 allows: whatever two programs could read in two ways is
// refused, since the next one may read it in the other. No sockets in here.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "service/error.hpp"

namespace berth::service::proxy {

// Finds the end of a head while it arrives; give it the same bytes again with what has come since.
class HeadEnd {
 public:
  const char* go(std::string_view bytes);   // what is wrong with it; null: nothing yet
  std::size_t at() const { return m_end; }  // one past the head; 0: it is not complete

 private:
  std::size_t m_seen = 0, m_line = 0, m_end = 0;
};

struct Field {
  std::string_view name, value;
};

struct Head {
  std::string_view start;  // the first line
  std::vector<Field> fields;

  std::size_t count(std::string_view name) const;
  std::string_view value(std::string_view name) const;  // of the first such field
};

// Of a complete head; all of it are views into it. bad_message
Result<Head> parse_head(std::string_view bytes);

// How long the body is. At most one of the two.
struct Framing {
  std::optional<std::uint64_t> length;
  bool chunked = false;
};
Result<Framing> framing_of(const Head& head);

// The fields that go on to the other side, as lines. Left out is what is for one connection only, and what Connection
// names; so are Host and the framing, which whoever sends the head writes anew.
std::string passing_fields(const Head& head);

}  // namespace berth::service::proxy
