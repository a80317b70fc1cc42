// What the server under the soak holds: memory and descriptors, read from /proc.
#pragma once

#include <cstddef>
#include <cstdint>

namespace berth::bench {

struct Held {
  std::uint64_t rss_kib = 0, peak_kib = 0;
  std::size_t fds = 0;
};

// Zeros if there is no such process, or none of ours.
Held held_by(int pid);

}  // namespace berth::bench
