// A thread that hangs is left behind; of those there are few, since a mount that holds one is not asked by another.
#include "disks.hpp"

#include <sys/statvfs.h>

#include <algorithm>
#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>

namespace machine {

using berth::Json;

namespace {

constexpr std::size_t most_mounts = 500, most_hanging = 16;

std::optional<Space> space_of(const std::string& at) {
  struct statvfs facts;
  if (::statvfs(at.c_str(), &facts) != 0) return std::nullopt;
  const std::uint64_t block = facts.f_frsize;
  return Space{facts.f_blocks * block, facts.f_bfree * block, facts.f_bavail * block, facts.f_files, facts.f_ffree};
}

// One of each device, where it is mounted nearest to the root, as `df` shows it.
std::vector<Mount> once_each(std::vector<Mount> mounts) {
  std::map<std::string, std::size_t> nearest;
  for (std::size_t i = 0; i < mounts.size(); ++i) {
    const auto [at, fresh] = nearest.emplace(mounts[i].device, i);
    if (!fresh && mounts[i].at.size() < mounts[at->second].at.size()) at->second = i;
  }
  std::vector<Mount> kept;
  for (std::size_t i = 0; i < mounts.size(); ++i) {
    if (nearest[mounts[i].device] == i) kept.push_back(mounts[i]);
  }
  return kept;
}

Json told(const Mount& mount, const std::optional<Space>& space) {
  Json one{{"at", shown(mount.at, 1024)},
           {"source", shown(mount.source, 1024)},
           {"type", shown(mount.type)},
           {"read_only", mount.read_only}};
  if (!space) {
    one["no_answer"] = true;
    return one;
  }
  const auto used = space->total - std::min(space->total, space->free), reachable = used + space->available;
  one["total"] = space->total;
  one["used"] = used;
  one["free"] = space->available;
  // Rounded up, as df does it.
  one["used_percent"] =
      reachable == 0 ? 0 : std::uint64_t((static_cast<__uint128_t>(used) * 100 + reachable - 1) / reachable);
  if (space->inodes > 0) one["inodes"] = {{"total", space->inodes}, {"free", space->inodes_free}};
  return one;
}

}  // namespace

struct Disks::Pending {
  const std::chrono::steady_clock::time_point end;  // until then it is waited for
  bool done = false;
  std::optional<Space> space = std::nullopt;
};

struct Disks::Waiting {
  std::mutex mutex;  // guards what follows, and what is pending
  std::condition_variable answered;
  std::map<std::string, std::shared_ptr<Pending>> open;  // mounts that were asked and have not answered
};

Disks::Disks(Ask ask, std::chrono::milliseconds patience)
    : m_ask(ask ? std::move(ask) : Ask(&space_of)), m_patience(patience), m_waiting(std::make_shared<Waiting>()) {}

// Whoever comes while a mount is asked shares its answer. Null: all threads there may be were held until the end.
std::shared_ptr<Disks::Pending> Disks::begin(const std::string& at, std::chrono::steady_clock::time_point end) const {
  const auto waiting = m_waiting;
  std::unique_lock<std::mutex> lock(waiting->mutex);
  const auto may_go = [&] { return waiting->open.size() < most_hanging || waiting->open.count(at) > 0; };
  if (!waiting->answered.wait_until(lock, end, may_go)) return nullptr;
  if (const auto shared = waiting->open.find(at); shared != waiting->open.end()) return shared->second;
  const auto pending = std::make_shared<Pending>(Pending{std::chrono::steady_clock::now() + m_patience});
  waiting->open.emplace(at, pending);
  try {
    std::thread([waiting, pending, at, ask = m_ask] {
      const auto space = ask(at);
      const std::lock_guard<std::mutex> own(waiting->mutex);
      pending->space = space;
      pending->done = true;
      waiting->open.erase(at);
      waiting->answered.notify_all();
    }).detach();
  } catch (...) {
    waiting->open.erase(at);
    throw;
  }
  return pending;
}

std::vector<std::optional<Space>> Disks::ask(const std::vector<Mount>& mounts) const {
  const auto end = std::chrono::steady_clock::now() + m_patience;
  std::vector<std::optional<Space>> answers(mounts.size());
  std::vector<std::shared_ptr<Pending>> asked(mounts.size());
  for (std::size_t i = 0; i < mounts.size(); ++i) {
    if (is_local(mounts[i]))
      answers[i] = m_ask(mounts[i].at);
    else
      asked[i] = begin(mounts[i].at, end);
  }
  std::unique_lock<std::mutex> lock(m_waiting->mutex);
  for (std::size_t i = 0; i < mounts.size(); ++i) {
    if (!asked[i]) continue;
    m_waiting->answered.wait_until(lock, asked[i]->end, [&] { return asked[i]->done; });
    answers[i] = asked[i]->space;
  }
  return answers;
}

Json Disks::tell(const Trees& trees, bool all) const {
  auto mounts = mounts_of(trees.proc.text("self/mountinfo").value_or(""));
  if (!all) {
    mounts.erase(std::remove_if(mounts.begin(), mounts.end(), is_pseudo), mounts.end());
    mounts = once_each(std::move(mounts));
  }
  // To look at one would mount what it stands for.
  mounts.erase(std::remove_if(mounts.begin(), mounts.end(), [](const Mount& one) { return one.type == "autofs"; }),
               mounts.end());
  const bool cut = mounts.size() > most_mounts;
  if (cut) mounts.resize(most_mounts);
  const auto space = ask(mounts);
  Json answer{{"disks", Json::array()}, {"truncated", cut}};
  for (std::size_t i = 0; i < mounts.size(); ++i) {
    if (all || !space[i] || space[i]->total > 0) answer["disks"].push_back(told(mounts[i], space[i]));
  }
  return answer;
}

}  // namespace machine
