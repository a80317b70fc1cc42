// How much a workspace takes, against what it may. Counted by a walk over all of it, remembered for a while, and kept
// up to date by what the operations themselves write; the agent's programs write, too, so no number stays true for
// long.
#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <utility>

#include "root.hpp"

namespace workspace {

constexpr std::uint64_t of_folder = 4096;  // as most disks have it
inline std::uint64_t taken(const struct stat& found) { return static_cast<std::uint64_t>(found.st_blocks) * 512; }

class Usage {
 public:
  // Bytes that are promised to somebody who has not written them yet: they count until this is gone. It comes after
  // changed(), which says what became of them.
  class Promise {
   public:
    Promise(Promise&& other) noexcept : m_usage(other.m_usage), m_bytes(std::exchange(other.m_bytes, 0)) {}
    ~Promise();
    std::uint64_t bytes() const { return m_bytes; }

   private:
    friend class Usage;
    Promise(Usage& usage, std::uint64_t bytes) : m_usage(usage), m_bytes(bytes) {}
    Usage& m_usage;
    std::uint64_t m_bytes;
  };

  // Throws an Error (413, 507) with the numbers, if `more` bytes would not fit any more. `instead_of`: bytes that go in
  // their place.
  [[nodiscard]] Promise demand(const Root& root, std::uint64_t more, std::uint64_t instead_of = 0);
  // As much as there is, and at most `most`.
  [[nodiscard]] Promise rest(const Root& root, std::uint64_t most);
  void changed(std::int64_t by);                   // what an operation wrote or freed
  void forget();                                   // much has changed: the next one counts
  std::uint64_t used(const Root& root);            // as far as it is known
  std::uint64_t walks() const { return m_walks; }  // how often it was counted

 private:
  std::uint64_t count(const Root& root, bool anew);
  Promise promise(std::uint64_t bytes);

  std::mutex m_mutex;  // guards what follows
  std::uint64_t m_used = 0, m_promised = 0, m_walks = 0;
  std::chrono::steady_clock::time_point m_until{};  // the number is good enough
};

// Bytes on the disk of everything in a workspace; what has several names counts once. Looks at no more than a million
// things.
std::uint64_t bytes_taken(const Root& root);

}  // namespace workspace
