// Packs and unpacks.
#include "loader/process/frame.hpp"

#include <algorithm>
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

}  // namespace berth::loader
