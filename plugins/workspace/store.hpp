// A store: a file of records that only grows, each chained to the last. The host alone writes it. All of this blocks,
// and throws berth::Error.
#pragma once

#include <berth/call.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <berth/fd.hpp>
#include "proven.hpp"
#include "record.hpp"

namespace workspace {

class Store {
 public:
  // `folder` is .store, and stays open as long as this is used, and so does `proven`. A name is of [a-z0-9_-]: the
  // operations' schemas see to it.
  Store(int folder, std::string name, Proven& proven) : m_folder(folder), m_name(std::move(name)), m_proven(proven) {}

  struct Appended {
    ChainHead head;
    std::uint64_t size = 0;  // bytes of the record's line
    std::uint64_t cut = 0;   // bytes of half a record that a crash or a full disk had left, and that are gone now
  };
  // On the disk when this returns; or nothing of it is there. As read(), an Error (409) if anything in the store is not
  // as it was written.
  Appended append(const berth::Json& record, const std::string& by) const;

  struct Part {
    std::vector<berth::Json> records;
    std::uint64_t total = 0;
    bool torn = false;  // half a record stands at the end
  };
  // At most `count`, beginning with number `from`, and of at most `bytes` bytes but for the first.
  Part read(std::uint64_t from, std::uint64_t count, std::uint64_t bytes) const;

  struct Broken {
    std::uint64_t number = 0;  // of the record that should stand there
    std::uint64_t offset = 0;  // in the file
    std::string what;          // "altered", "removed", "reordered", "truncated" or "torn"
    std::string words;
  };
  struct Verdict {
    ChainHead head;  // of the last record that is good
    std::optional<Broken> broken;
  };
  // `remembered`: a head that append gave once; the host remembers the last one itself, too.
  Verdict verify(const std::optional<ChainHead>& remembered, const std::function<bool()>& more) const;

  static std::vector<std::string> names(int folder);
  std::string file() const { return m_name + ".jsonl"; }

 private:
  std::string head_file() const { return "." + m_name + ".head"; }
  berth::Fd lock() const;
  // As all was while nobody was writing.
  struct Opened {
    berth::Fd fd;  // none, if it is gone, though there was one
    struct stat file {};
    ChainHead kept;
    std::uint64_t size() const { return static_cast<std::uint64_t>(file.st_size); }
  };
  Opened open_to_read() const;
  ChainHead remembered_head() const;
  void remember(const ChainHead& head) const;
  berth::Error broken(const std::string& words) const;
  Opened open_to_append() const;
  ChainHead repaired_end(const Opened& open, Appended& told) const;
  // All of it is as it was written, but for half a record at its end.
  Proven::Proof demand_whole(const Opened& open) const;
  Verdict verdict_on(int fd, std::uint64_t size, std::vector<ChainHead> heads, const std::function<bool()>& more) const;

  const int m_folder;
  const std::string m_name;
  Proven& m_proven;
};

}  // namespace workspace
