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
  std::uint64_t bytes = 0;
  std::size_t things = 0;
  std::set<std::pair<dev_t, ino_t>> seen = {};  // of those with several names
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
    if (!folder && found.st_nlink > 1 && !seen.insert({found.st_dev, found.st_ino}).second) return;
    bytes += taken(found);
    if (folder) folders.push_back(std::move(place));
  }
};

std::string in_words(std::uint64_t bytes) { return std::to_string(bytes) + " bytes"; }

}  // namespace

std::uint64_t bytes_taken(const Root& root) {
  Count count;
  count.folders.emplace_back();
  while (!count.folders.empty() && count.things < most_things) {
    const Place folder = std::move(count.folders.back());
    count.folders.pop_back();
    count.look_at(root, folder);
  }
  return count.bytes;
}

std::uint64_t Usage::count(const Root& root, bool anew) {
  const auto before = Clock::now();
  if (!anew && before < m_until) return m_used;
  m_used = bytes_taken(root);
  ++m_walks;
  // What took long to count is counted less often.
  const auto after = Clock::now();
  m_until = after + std::max<Clock::duration>(freshness, 20 * (after - before));
  return m_used;
}

std::uint64_t Usage::used(const Root& root) {
  const std::lock_guard lock(m_mutex);
  return count(root, false);
}

Usage::Promise::~Promise() {
  if (m_bytes == 0) return;
  const std::lock_guard lock(m_usage.m_mutex);
  m_usage.m_promised -= m_bytes;
}

Usage::Promise Usage::promise(std::uint64_t bytes) {
  m_promised += bytes;
  return {*this, bytes};
}

Usage::Promise Usage::demand(const Root& root, std::uint64_t more, std::uint64_t instead_of) {
  const std::uint64_t quota = root.quota();
  if (quota == 0 || more <= instead_of) return {*this, 0};
  if (more > quota) {
    throw Error(413, "quota_exceeded", in_words(more) + " are more than the workspace's quota of " + in_words(quota));
  }
  const std::lock_guard lock(m_mutex);
  const auto fits = [&](std::uint64_t used) { return used - std::min(used, instead_of) + m_promised + more <= quota; };
  if (fits(count(root, false)) || fits(count(root, true))) return promise(more - instead_of);
  throw Error(507, "quota_exceeded",
              in_words(more) + " do not fit: the workspace has " + in_words(m_used) + " of its quota of " +
                  in_words(quota) + (m_promised > 0 ? ", and others are writing " + in_words(m_promised) : ""),
              "delete what is not needed any more");
}

Usage::Promise Usage::rest(const Root& root, std::uint64_t most) {
  const std::uint64_t quota = root.quota();
  if (quota == 0) return {*this, 0};
  const std::lock_guard lock(m_mutex);
  const std::uint64_t gone = m_promised + count(root, false);
  return promise(std::min(most, quota - std::min(quota, gone)));
}

void Usage::changed(std::int64_t by) {
  const std::lock_guard lock(m_mutex);
  if (by < 0)
    m_used -= std::min(m_used, static_cast<std::uint64_t>(-by));
  else
    m_used += static_cast<std::uint64_t>(by);
}

void Usage::forget() {
  const std::lock_guard lock(m_mutex);
  m_until = {};
}

}  // namespace workspace
