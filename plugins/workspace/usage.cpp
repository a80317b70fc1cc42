// The walk goes by paths beneath the root, one folder at a time: whatever the agent does meanwhile, it stays inside,
// and needs two descriptors.
#include "usage.hpp"

#include <fcntl.h>

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

#include "folder_names.hpp"

namespace workspace {

using berth::Error;
using Clock = std::chrono::steady_clock;

namespace {

constexpr std::size_t most_things = 1'000'000;
constexpr std::chrono::milliseconds freshness{1000};

struct Count {
  std::set<FileNumber> seen;  // of those with several names, and those that are left out
  std::uint64_t bytes = 0;
  std::size_t things = 0;
  std::vector<Place> folders = {};

  void look_at(const Root& root, const Place& folder) {
    const berth::Fd open(open_beneath(root.fd(), folder.path, O_RDONLY | O_DIRECTORY, false));
    if (!open) return;  // gone meanwhile, or deeper than paths reach
    each_name(open.get(), [&](const std::string& name) {
      struct stat found;
      if (::fstatat(open.get(), name.c_str(), &found, AT_SYMLINK_NOFOLLOW) == 0) take(within(folder, name), found);
      return ++things < most_things;
    });
  }
  void take(Place place, const struct stat& found) {
    const bool folder = S_ISDIR(found.st_mode);
    const FileNumber number{found.st_dev, found.st_ino};
    if (!folder && (found.st_nlink > 1 ? !seen.insert(number).second : seen.count(number) > 0)) return;
    bytes += taken(found);
    if (folder) folders.push_back(std::move(place));
  }
};

std::string in_words(std::uint64_t bytes) { return std::to_string(bytes) + " bytes"; }

}  // namespace

std::uint64_t bytes_taken(const Root& root, const std::set<FileNumber>& but) {
  Count count{but};
  count.folders.emplace_back();
  while (!count.folders.empty() && count.things < most_things) {
    const Place folder = std::move(count.folders.back());
    count.folders.pop_back();
    count.look_at(root, folder);
  }
  return count.bytes;
}

void Usage::count(const Root& root, bool anew) {
  const auto before = Clock::now();
  if (!anew && before < m_until) return;
  m_used = bytes_taken(root, m_covered);
  ++m_walks;
  // What took long to count is counted less often.
  const auto after = Clock::now();
  m_until = after + std::max<Clock::duration>(freshness, 20 * (after - before));
}

void Usage::Promise::covers(int fd) {
  struct stat found;
  if (::fstat(fd, &found) != 0) return;
  const std::lock_guard lock(m_usage.m_mutex);
  m_file = {found.st_dev, found.st_ino};
  m_usage.m_covered.insert(*m_file);
}

void Usage::Promise::became(std::int64_t more) {
  const std::lock_guard lock(m_usage.m_mutex);
  m_usage.m_promised -= std::exchange(m_bytes, 0);
  if (m_file) m_usage.m_covered.erase(*m_file);
  m_file.reset();
  m_usage.add(more);
}

Usage::Growing::~Growing() {
  const std::lock_guard lock(m_usage.m_mutex);
  m_usage.m_promised -= m_total - m_written;
  m_usage.m_until = {};
}

void Usage::Growing::to(std::uint64_t written, std::uint64_t total) {
  if (m_root.quota() == 0) return;
  const std::lock_guard lock(m_usage.m_mutex);
  m_usage.m_promised -= written - m_written;
  m_usage.m_used += written - m_written;
  m_written = written;
  if (total <= m_total) return;
  m_usage.demand_room(m_root, total - m_total, 0);
  m_usage.m_promised += total - m_total;
  m_total = total;
}

Usage::Promise Usage::demand(const Root& root, std::uint64_t more, std::uint64_t instead_of) {
  if (root.quota() == 0 || more <= instead_of) return {*this, 0};
  const std::lock_guard lock(m_mutex);
  demand_room(root, more, instead_of);
  m_promised += more - instead_of;
  return {*this, more - instead_of};
}

void Usage::demand_room(const Root& root, std::uint64_t more, std::uint64_t instead_of) {
  const std::uint64_t quota = root.quota();
  if (more > quota) {
    throw Error(413, "quota_exceeded", in_words(more) + " are more than the workspace's quota of " + in_words(quota));
  }
  const auto fits = [&](std::uint64_t promised) {
    return m_used - std::min(m_used, instead_of) + promised + more <= quota;
  };
  for (const bool anew : {false, true}) {
    count(root, anew);
    if (fits(m_promised)) return;
  }
  throw Error(507, "quota_exceeded",
              in_words(more) + " do not fit: the workspace has " + in_words(m_used) + " of its quota of " +
                  in_words(quota) + (m_promised > 0 ? ", and others are writing " + in_words(m_promised) : ""),
              fits(0) ? "try again when that has ended" : "delete what is not needed any more");
}

void Usage::add(std::int64_t by) {
  if (by < 0)
    m_used -= std::min(m_used, static_cast<std::uint64_t>(-by));
  else
    m_used += static_cast<std::uint64_t>(by);
}

void Usage::changed(std::int64_t by) {
  const std::lock_guard lock(m_mutex);
  add(by);
}

void Usage::forget() {
  const std::lock_guard lock(m_mutex);
  m_until = {};
}

}  // namespace workspace
