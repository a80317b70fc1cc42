// Size and both times: whoever sets the one back changes the other.
#include "proven.hpp"

namespace workspace {

namespace {

constexpr std::size_t most_known = 64;

bool same(const timespec& a, const timespec& b) { return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec; }

}  // namespace

std::optional<Proven::Proof> Proven::find(const struct stat& file, const ChainHead& kept) const {
  const std::lock_guard lock(m_mutex);
  const auto at = m_known.find({file.st_dev, file.st_ino});
  if (at == m_known.end()) return std::nullopt;
  const auto& [then, proof] = at->second;
  const bool unchanged =
      then.st_size == file.st_size && same(then.st_mtim, file.st_mtim) && same(then.st_ctim, file.st_ctim);
  if (!unchanged || proof.kept.number != kept.number || proof.kept.sha256 != kept.sha256) return std::nullopt;
  return proof;
}

void Proven::note(const struct stat& file, const Proof& proof) {
  if (static_cast<std::uint64_t>(file.st_size) <= most_walked) return;
  const std::lock_guard lock(m_mutex);
  if (m_known.size() >= most_known && m_known.count({file.st_dev, file.st_ino}) == 0) m_known.clear();
  m_known.insert_or_assign({file.st_dev, file.st_ino}, Known{file, proof});
}

}  // namespace workspace
