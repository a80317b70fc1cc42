// Commands of one session run beside each other, so no command's end replaces the state: it is merged.
#include "state.hpp"

#include <utility>

namespace shell {

namespace {

// Of each shell anew; "__berth" is the script's own, where a command exports everything (set -a).
bool is_passing(std::string_view name) { return name == "_" || name == "SHLVL" || name.substr(0, 7) == "__berth"; }

// The text before the next zero byte, taken away from `bytes`; null: there is none.
std::optional<std::string_view> next_text(std::string_view& bytes) {
  const auto end = bytes.find('\0');
  if (end == std::string_view::npos) return std::nullopt;
  const auto text = bytes.substr(0, end);
  bytes.remove_prefix(end + 1);
  return text;
}

constexpr std::size_t most_snapshots = 3, most_passing = 64;

// "FOLDER\n", variables, an empty text: each ends with a zero byte. Bounded as it is read: this is the host's thread.
std::optional<Snapshot> next_snapshot(std::string_view& bytes) {
  Snapshot snapshot;
  const auto folder = next_text(bytes);
  if (!folder || folder->size() < 2 || folder->front() != '/' || folder->back() != '\n') return std::nullopt;
  snapshot.folder = folder->substr(0, folder->size() - 1);
  std::size_t size = folder->size();
  for (std::size_t count = 0; count <= State::most_variables + most_passing && size <= State::most + 1; ++count) {
    const auto entry = next_text(bytes);
    if (!entry) return std::nullopt;
    if (entry->empty()) return snapshot;
    const auto sign = entry->find('=');
    if (sign == std::string_view::npos || sign == 0) return std::nullopt;
    const auto name = entry->substr(0, sign);
    if (is_passing(name)) continue;
    snapshot.variables[std::string(name)] = entry->substr(sign + 1);
    size += entry->size() + 1;
  }
  return std::nullopt;
}

}  // namespace

std::size_t Snapshot::size() const {
  std::size_t bytes = folder.size();
  for (const auto& [name, value] : variables) bytes += name.size() + value.size() + 2;
  return bytes;
}

std::vector<Snapshot> read_snapshots(std::string_view bytes) {
  std::vector<Snapshot> all;
  while (!bytes.empty() && all.size() < most_snapshots) {
    auto next = next_snapshot(bytes);
    if (!next) break;
    all.push_back(std::move(*next));
  }
  return all;
}

bool State::take(Snapshot next) {
  if (next.size() > most || next.variables.size() > most_variables) return false;
  m_now = std::make_shared<Snapshot>(std::move(next));
  return true;
}

void State::forget() {
  m_now = std::make_shared<Snapshot>(Snapshot{home, {}});
  m_known = false;
  ++m_generation;
}

bool State::learn(const Begin& begin, const std::vector<Snapshot>& told, bool whole) {
  if (told.empty() || begin.generation != m_generation) return false;
  const Snapshot& before = begin.snapshot ? *begin.snapshot : told.front();
  const bool has_end = told.size() > (begin.snapshot ? 0u : 1u);
  if (whole && has_end) return learn(before, told.back());
  if (!begin.snapshot && !m_known) learn(before, before);
  return false;
}

bool State::learn(const Snapshot& before, const Snapshot& after) {
  Snapshot next = m_known ? *m_now : before;
  if (after.folder != before.folder) next.folder = after.folder;
  for (const auto& [name, value] : before.variables)
    if (after.variables.count(name) == 0) next.variables.erase(name);
  for (const auto& [name, value] : after.variables) {
    const auto at = before.variables.find(name);
    if (at == before.variables.end() || at->second != value) next.variables[name] = value;
  }
  if (!take(std::move(next))) return false;
  m_known = true;
  return true;
}

bool State::set(const std::string& name, const std::optional<std::string>& value) {
  Snapshot next = *m_now;
  if (value)
    next.variables[name] = *value;
  else
    next.variables.erase(name);
  return take(std::move(next));
}

}  // namespace shell
