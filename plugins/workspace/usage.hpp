// How much a workspace takes, against what it may. Counted by a walk over all of it, remembered for a while, and kept
// up to date by what the operations themselves write; the agent's programs write, too, so no number stays true for
// long.
#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <set>
#include <utility>

#include "root.hpp"

namespace workspace {

constexpr std::uint64_t of_folder = 4096;  // as most disks have it
inline std::uint64_t taken(const struct stat& found) { return static_cast<std::uint64_t>(found.st_blocks) * 512; }

using FileNumber = std::pair<dev_t, ino_t>;

class Usage {
 public:
  // Bytes that are promised to somebody who has not written them yet: they count until this is gone.
  class Promise {
   public:
    ~Promise() { became(0); }
    Promise(const Promise&) = delete;
    // The file that they are written to: as long as they are promised, it is left out when all is counted.
    void covers(int fd);
    // What is there now that was not, less what it replaced. Nothing is promised any more.
    void became(std::int64_t more);

   private:
    friend class Usage;
    Promise(Usage& usage, std::uint64_t bytes) : m_usage(usage), m_bytes(bytes) {}
    Usage& m_usage;
    std::uint64_t m_bytes;
    std::optional<FileNumber> m_file = {};
  };

  // Room for what comes piece by piece, and nobody knows how much: no more is promised than is about to be written.
  class Growing {
   public:
    Growing(Usage& usage, const Root& root) : m_usage(usage), m_root(root) {}
    ~Growing();  // what became of it is counted by the next one
    Growing(const Growing&) = delete;
    // So many bytes of it are there, and there are to be `total`. Throws as demand().
    void to(std::uint64_t written, std::uint64_t total);

   private:
    Usage& m_usage;
    const Root& m_root;
    std::uint64_t m_written = 0, m_total = 0;
  };

  // Throws an Error (413, 507) with the numbers, if `more` bytes would not fit any more. `instead_of`: bytes that go in
  // their place.
  [[nodiscard]] Promise demand(const Root& root, std::uint64_t more, std::uint64_t instead_of = 0);
  void changed(std::int64_t by);                   // what an operation wrote or freed
  void forget();                                   // much has changed: the next one counts
  std::uint64_t walks() const { return m_walks; }  // how often it was counted

 private:
  void count(const Root& root, bool anew);
  void demand_room(const Root& root, std::uint64_t more, std::uint64_t instead_of);
  void add(std::int64_t by);

  std::mutex m_mutex;  // guards what follows
  std::uint64_t m_used = 0, m_promised = 0, m_walks = 0;
  std::set<FileNumber> m_covered;                   // by promises
  std::chrono::steady_clock::time_point m_until{};  // the number is good enough
};

// Bytes on the disk of everything in a workspace but those files; what has several names counts once. Looks at no more
// than a million things.
std::uint64_t bytes_taken(const Root& root, const std::set<FileNumber>& but = {});

}  // namespace workspace
