// A second is short for a quota that is changed, and long for a thousand calls. A folder that is gone is seen at once:
// it has no name any more.
#include "seats.hpp"

#include <algorithm>
#include <iterator>

namespace workspace {

namespace {

constexpr std::chrono::seconds good_for{1};
constexpr std::chrono::minutes kept_for{1};  // what is known of a quota outlives the second
constexpr std::size_t most_kept = 256;       // each holds a descriptor

bool is_gone(const Seat& seat) {
  struct stat found;
  return ::fstat(seat.root.fd(), &found) != 0 || found.st_nlink == 0;
}

}  // namespace

std::shared_ptr<const Seat> Seats::of(const std::string& session) {
  {
    const std::lock_guard lock(m_mutex);
    const auto at = m_known.find(session);
    if (at != m_known.end() && Clock::now() < at->second.until && !is_gone(*at->second.seat)) return at->second.seat;
  }
  berth::Workspace given = m_workspaces.open(session);
  struct stat found;
  if (::fstat(given.folder(), &found) != 0) throw berth::Error(503, "no_workspace", "the workspace cannot be used");

  const std::lock_guard lock(m_mutex);
  let_go();
  auto shared = shared_of({found.st_dev, found.st_ino});
  Root root({berth::Fd(given.take()), given.user(), given.quota(), given.aliases()});
  auto seat = std::make_shared<const Seat>(Seat{std::move(root), std::move(shared)});
  m_known.insert_or_assign(session, Known{seat, Clock::now() + good_for});
  return seat;
}

std::shared_ptr<Seat::Shared> Seats::shared_of(const Folder& folder) {
  auto& known = m_shared[folder];
  auto shared = known.lock();
  if (!shared) known = shared = std::make_shared<Seat::Shared>();
  return shared;
}

// Folders that are gone, and those that nobody asked for lately: what still works on them has its share.
void Seats::let_go() {
  const auto now = Clock::now();
  for (auto at = m_known.begin(); at != m_known.end();)
    at = at->second.until + kept_for < now || is_gone(*at->second.seat) ? m_known.erase(at) : std::next(at);
  const auto older = [](const auto& a, const auto& b) { return a.second.until < b.second.until; };
  while (m_known.size() >= most_kept) m_known.erase(std::min_element(m_known.begin(), m_known.end(), older));
  for (auto at = m_shared.begin(); at != m_shared.end();)
    at = at->second.expired() ? m_shared.erase(at) : std::next(at);
}

}  // namespace workspace
