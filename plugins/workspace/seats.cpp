// A second is short for a quota that is changed, and long for a thousand calls. A folder that is gone is seen at once:
// it has no name any more.
#include "seats.hpp"

#include <iterator>

namespace workspace {

namespace {

constexpr std::chrono::seconds good_for{1};
constexpr std::size_t most_known = 256;

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
  const std::pair folder{found.st_dev, found.st_ino};

  const std::lock_guard lock(m_mutex);
  const auto at = m_known.find(session);
  const bool same = at != m_known.end() && at->second.folder == folder;
  auto shared = same ? at->second.seat->shared : std::make_shared<Seat::Shared>();
  Root root({Fd(given.take()), given.user(), given.quota(), given.aliases()});
  auto seat = std::make_shared<const Seat>(Seat{std::move(root), std::move(shared)});
  keep(session, {seat, folder, Clock::now() + good_for});
  return seat;
}

// Those that nobody asked for lately go; what still works on them has its share.
void Seats::keep(const std::string& session, Known known) {
  if (m_known.size() >= most_known) {
    const auto now = Clock::now();
    for (auto at = m_known.begin(); at != m_known.end();)
      at = at->second.until < now ? m_known.erase(at) : std::next(at);
  }
  m_known.insert_or_assign(session, std::move(known));
}

}  // namespace workspace
