// STATE/tokens.json: {"tokens":[{name,scope,session,sha256,created,expires}]}. Read by the host, changed by `berth
// token` too, so each change is made under a lock and lands in one step.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <ctime>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "service/error.hpp"
#include "session/tokens.hpp"

namespace berth::session {

// Another stamp means another content.
struct FileStamp {
  bool there = false;
  dev_t device = 0;
  ino_t inode = 0;
  off_t size = 0;
  std::int64_t modified = 0, changed = 0;  // nanoseconds
  bool operator==(const FileStamp&) const = default;
};
FileStamp stamp_of(const std::string& path);

class TokenFile {
 public:
  using Tokens = std::vector<Token>;
  explicit TokenFile(std::string path) : m_path(std::move(path)) {}

  const std::string& path() const { return m_path; }
  service::Result<Tokens> read() const;  // no file: no tokens
  // Reads, lets `change` work on the tokens, and writes them unless it fails or says that nothing changed.
  enum class Outcome { changed, same };
  using Change = std::function<service::Result<Outcome>(Tokens&)>;
  std::optional<service::Error> update(const Change& change) const;

 private:
  std::string m_path;
};

}  // namespace berth::session
