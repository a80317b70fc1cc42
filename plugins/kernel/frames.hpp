// Frames of the work socket: a length and that many bytes of JSON, from a worker that may send anything at all.
#pragma once

#include <berth/call.hpp>

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <berth/fd.hpp>

namespace kernel {

// Of a trusted writer's texts: nested no deeper than whatever reads it can stand, and an object. Nothing: it is
// neither.
std::optional<berth::Json> parse_object(std::string_view text);

std::string frame_of(const berth::Json& json);

class FrameReader {
 public:
  static constexpr std::size_t largest = 64u << 20;
  static constexpr std::size_t most_fds = 64;  // that belong to no frame yet

  struct Frame {
    berth::Json json;
    std::vector<berth::Fd> fds;
    std::size_t bytes = 0;
  };

  // What was read; false: this is no worker's talk, and nothing more is taken.
  bool feed(std::string_view bytes, std::vector<berth::Fd> fds = {});
  // The next whole one, if there is.
  std::optional<Frame> next();

 private:
  bool cut();
  std::string m_bytes;
  std::size_t m_at = 0;  // what of m_bytes has been cut off
  std::vector<berth::Fd> m_fds;
  std::deque<Frame> m_ready;
  bool m_broken = false;
};

}  // namespace kernel
