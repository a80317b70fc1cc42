// Packs and unpacks.
#include "loader/process/frame.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace berth::loader {

std::size_t most_data_of(FrameKind kind) {
  switch (kind) {
    case FrameKind::start:
    case FrameKind::invoke:
    case FrameKind::message:
    case FrameKind::send:
    case FrameKind::chunk:
    case FrameKind::tell:
    case FrameKind::note: return most_data;
    default: return most_words;
  }
}

FrameHead head_of(const Frame& frame) {
  FrameHead head;
  head.fields = static_cast<std::uint32_t>(frame.fields.size());
  head.data = static_cast<std::uint32_t>(frame.lent.empty() ? frame.data.size() : frame.lent.size());
  head.kind = static_cast<std::uint8_t>(frame.kind);
  head.has_fd = frame.fd ? 1 : 0;
  head.call = frame.call;
  return head;
}

bool take_head(const FrameHead& head, Frame& frame) {
  if (head.fields > most_fields || head.data > most_data_of(static_cast<FrameKind>(head.kind))) return false;
  if (head.has_fd > 1 || head.zero != 0 || head.also_zero != 0 || head.kind == 0) return false;
  frame = Frame{static_cast<FrameKind>(head.kind), head.call, {}, {}, {}, {}};
  frame.fields.resize(head.fields);
  frame.data.resize(std::min<std::size_t>(head.data, first_room));
  return true;
}

Packer& Packer::number(std::uint64_t value) {
  m_bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
  return *this;
}

Packer& Packer::text(std::string_view value) {
  number(value.size());
  m_bytes.append(value);
  return *this;
}

std::string_view Unpacker::take(std::size_t count) {
  if (count > m_rest.size()) {
    m_good = false;
    m_rest = {};
    return {};
  }
  const auto taken = m_rest.substr(0, count);
  m_rest.remove_prefix(count);
  return taken;
}

std::uint64_t Unpacker::number() {
  std::uint64_t value = 0;
  const auto bytes = take(sizeof value);
  if (bytes.size() == sizeof value) std::memcpy(&value, bytes.data(), sizeof value);
  return value;
}

std::string Unpacker::text() {
  const auto size = number();
  return std::string(take(size));
}

}  // namespace berth::loader
