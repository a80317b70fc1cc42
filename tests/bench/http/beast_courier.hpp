// Brings each answer to the connection it belongs to, or, where it was told to lie, now and then to another one: a test
// that looks for answers at the wrong client is worth nothing until it has found one.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include "beast_connection.hpp"

namespace berth::bench {

enum class Lie {
  none,
  whole,  // two clients get each other's answers, request ids included
  body,   // two clients get each other's bodies under their own request ids
  lose,   // an answer is never given
  twice   // an answer is followed by one that nobody asked for
};
std::optional<Lie> parse_lie(std::string_view text);

class Courier {
 public:
  explicit Courier(Lie lie) : m_lie(lie) {}
  void carry(std::shared_ptr<Connection> to, Parcel parcel);

 private:
  void swap_with_held(std::shared_ptr<Connection> to, Parcel parcel);

  const Lie m_lie;
  std::uint64_t m_carried = 0;
  std::optional<std::pair<std::shared_ptr<Connection>, Parcel>> m_held;
};

}  // namespace berth::bench
