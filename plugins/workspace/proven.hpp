// Which stores have been walked and found to be as they were written, and what their files were then: so a large one is
// not walked again for every call. Whatever changes a file changes its times, but for what is done to it within the
// same tick of the kernel's clock; small stores are therefore not remembered but walked each time.
#pragma once

#include <sys/stat.h>

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "record.hpp"

namespace workspace {

class Proven {
 public:
  static constexpr std::uint64_t most_walked = 64u << 10;  // bytes of a store that is walked each time

  struct Proof {
    ChainHead kept;         // the head that was remembered beside it
    ChainHead head;         // of the last record
    std::uint64_t end = 0;  // of the last record's line; behind it stands half a record, if anything
  };
  // Of a store, whose file is as it is now. Any thread, as all of this.
  std::optional<Proof> find(const std::string& store, const struct stat& file, const ChainHead& kept) const;
  void note(const std::string& store, const struct stat& file, const Proof& proof);

 private:
  struct Known {
    struct stat file;
    Proof proof;
  };
  mutable std::mutex m_mutex;
  std::map<std::string, Known> m_known;  // by name: records are of one store, whatever else their file is called
};

}  // namespace workspace
