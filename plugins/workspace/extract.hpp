// Extracts an archive (tar, also with gzip or xz; zip) to a new folder: all of it, or nothing. Members are written by
// us, never by the archive library, and never through a link.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

namespace workspace {

struct ExtractBounds {
  // Told all the time how much is written and how much is to be in all: throws an Error, if that is too much.
  std::function<void(std::uint64_t written, std::uint64_t total)> room;
  std::uint64_t members = 100'000;
  std::uint64_t ratio = 200;       // times the archive's own size,
  std::uint64_t free = 64u << 20;  // once it is more than this
};

struct Extracted {
  std::uint64_t files = 0, folders = 0, links = 0, bytes = 0;
};

// `archive` is a file; `name` is made in `folder`, where nothing of that name may be. Throws an Error: 409, 413, 422,
// 507. `more` is asked all the time whether to go on.
Extracted extract(int archive, int folder, const std::string& name, const ExtractBounds& bounds,
                  const std::function<bool()>& more);

}  // namespace workspace
