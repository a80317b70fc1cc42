// What packing has in common: lists, real numbers, and frames that are whole.
#pragma once

#include <bit>

#include "policy/wire.hpp"
#include "service/packing.hpp"

namespace berth::policy {

using service::Packer;
using service::Unpacker;

constexpr std::uint64_t most_items = 1u << 20;  // of any list

template <class T, class Put>
void put_all(Packer& to, const std::vector<T>& all, Put put) {
  to.number(all.size());
  for (const T& one : all) put(to, one);
}

template <class T, class Take>
std::vector<T> take_all(Unpacker& from, Take take) {
  std::vector<T> all;
  const auto count = from.number();
  for (std::uint64_t i = 0; i < count && i < most_items && from.good(); ++i) all.push_back(take(from));
  return all;
}

inline Packer begun(FrameKind kind) {
  Packer to;
  to.number(static_cast<std::uint64_t>(kind));
  return to;
}

inline Packer& real(Packer& to, double value) { return to.number(std::bit_cast<std::uint64_t>(value)); }
inline double real(Unpacker& from) { return std::bit_cast<double>(from.number()); }

inline void put_kept(Packer& to, const Kept& kept) {
  to.number(kept.script).text(kept.session).text(kept.key).text(kept.value);
}
inline Kept take_kept(Unpacker& from) {
  Kept kept;
  kept.script = from.number();
  kept.session = from.text();
  kept.key = from.text();
  kept.value = from.text();
  return kept;
}

template <class T, class Take>
std::optional<T> whole(std::string_view frame, Take take) {
  Unpacker from(frame);
  from.number();
  T value = take(from);
  if (!from.done()) return std::nullopt;
  return value;
}

}  // namespace berth::policy
