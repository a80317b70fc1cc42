// Size and both times: whoever sets the one back changes the other.
#include "proven.hpp"

namespace workspace {

namespace {

constexpr std::size_t most_known = 64;

bool same(const timespec& a, const timespec& b) { return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec; }

bool same(const struct stat& a, const struct stat& b) {
  return a.st_dev == b.st_dev && a.st_ino == b.st_ino && a.st_size == b.st_size && same(a.st_mtim, b.st_mtim) &&
         same(a.st_ctim, b.st_ctim);
}

}  // namespace

std::optional<Proven::Proof> Proven::find(const std::string& store, const struct stat& file,
                                          const ChainHead& kept) const {
  const std::lock_guard lock(m_mutex);
  const auto at = m_known.find(store);
  if (at == m_known.end()) return std::nullopt;
  const auto& [then, proof] = at->second;
  if (!same(then, file) || proof.kept.number != kept.number || proof.kept.sha256 != kept.sha256) return std::nullopt;
  return proof;
}

void Proven::note(const std::string& store, const struct stat& file, const Proof& proof) {
  if (static_cast<std::uint64_t>(file.st_size) <= most_walked) return;
  const std::lock_guard lock(m_mutex);
  if (m_known.size() >= most_known && m_known.count(store) == 0) m_known.clear();
  m_known.insert_or_assign(store, Known{file, proof});
}

}  // namespace workspace
