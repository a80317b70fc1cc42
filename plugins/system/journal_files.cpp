// A file's entries are listed in a chain of arrays. Where that is broken, libsystemd takes what comes first for all
// that there is; so the chain is walked here (systemd's JOURNAL_FILE_FORMAT), without mapping anything.
#include "journal_files.hpp"

#include <berth/fd.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <filesystem>
#include <functional>

namespace machine {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t most_looked = 10'000, most_arrays = 100'000;

template <std::size_t count>
bool read_words(int file, std::uint64_t at, std::array<std::uint64_t, count>& words) {
  std::array<unsigned char, count * 8> bytes;
  if (::pread(file, bytes.data(), bytes.size(), static_cast<off_t>(at)) != static_cast<ssize_t>(bytes.size()))
    return false;
  for (std::size_t i = 0; i < count; ++i) {
    words[i] = 0;
    for (std::size_t byte = 8; byte > 0; --byte) words[i] = words[i] << 8 | bytes[8 * i + byte - 1];
  }
  return true;
}

}  // namespace

std::vector<std::string> journal_files(const std::vector<std::string>& folders) {
  std::vector<std::string> files;
  const auto take = [&files](const fs::directory_entry& entry) {
    const auto kind = entry.path().extension();
    if (files.size() < most_looked && (kind == ".journal" || kind == ".journal~")) files.push_back(entry.path());
  };
  std::error_code none;
  for (const auto& folder : folders) {
    for (fs::directory_iterator at(folder, none), end; !none && at != end; at.increment(none)) {
      take(*at);
      std::error_code inner;
      if (!at->is_directory(inner)) continue;
      for (fs::directory_iterator below(at->path(), inner), last; !inner && below != last; below.increment(inner))
        take(*below);
    }
  }
  return files;
}

std::size_t keep_newest(std::vector<std::string>& files, std::size_t most) {
  if (files.size() <= most) return 0;
  std::vector<std::pair<fs::file_time_type, std::string>> dated;
  for (auto& one : files) {
    std::error_code gone;
    const auto at = fs::last_write_time(one, gone);
    dated.emplace_back(gone ? fs::file_time_type::min() : at, std::move(one));
  }
  std::sort(dated.begin(), dated.end(), std::greater<>());
  const std::size_t left_out = files.size() - most;
  files.clear();
  for (std::size_t i = 0; i < most; ++i) files.push_back(std::move(dated[i].second));
  return left_out;
}

bool has_its_entries(const std::string& file) {
  constexpr std::uint64_t signature = 0x48524848'534b504c, compact = 16, array_head = 24, kind_of_array = 6;
  const berth::Fd open(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
  std::array<std::uint64_t, 23> head;
  if (!open || !read_words(open.get(), 0, head) || head[0] != signature) return true;
  const std::uint64_t each = (head[1] >> 32 & compact) != 0 ? 4 : 8;  // bytes of an array's item
  const std::uint64_t wanted = head[19];
  std::uint64_t found = 0, at = head[22];
  for (std::size_t i = 0; found < wanted && at != 0 && i < most_arrays; ++i) {
    std::array<std::uint64_t, 3> array;  // kind, size, where the next one is
    if (!read_words(open.get(), at, array) || (array[0] & 0xff) != kind_of_array || array[1] < array_head) return false;
    found += (array[1] - array_head) / each;
    at = array[2];
  }
  return found >= wanted;
}

}  // namespace machine
