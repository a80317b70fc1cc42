// Everything is taken into memory, and then said in one line of the journal: it outlives kill -9 of the host, and the
// last lines may not outlive a power cut.
#include "policy/ledger.hpp"

#include <algorithm>

#include "service/files.hpp"
#include "service/text.hpp"

namespace berth::policy {

using service::Error;

namespace {

constexpr std::uint64_t most_content = 32u << 20;
static_assert(4 * most_content <= Journal::most / 2);  // it is written anew long before it is more than open() takes
constexpr std::size_t value_frame = 16;                // bytes around each value

std::size_t size_of(const std::string& policy, const std::string& key, const std::string& value) {
  return policy.size() + key.size() + value.size() + value_frame;
}

std::size_t size_of(const Account& account) {
  std::size_t all = 0;
  for (const auto& [place, value] : account.kept) all += size_of(place.first, place.second, value);
  for (const auto& [name, total] : account.charged) all += name.size() + value_frame;
  return all;
}

}  // namespace

std::optional<Error> Ledger::open(const std::string& folder) {
  if (auto error = service::make_directory(folder)) return error;
  auto accounts = m_journal.open(folder + "/state.journal");
  if (!accounts) return accounts.error();
  m_accounts = std::move(*accounts);
  for (const auto& [session, account] : m_accounts) m_content += size_of(account);
  return std::nullopt;
}

// Before anything is taken in: what is kept of all sessions has a bound, too.
std::optional<Error> Ledger::make_room(std::int64_t more) {
  const auto content = static_cast<std::int64_t>(m_content) + more;
  if (more > 0 && content > static_cast<std::int64_t>(most_content))
    return Error{503, "too_large", "policies keep 32 MiB of state and charges already",
                 "sessions that end free theirs"};
  m_content = static_cast<std::uint64_t>(content);
  return std::nullopt;
}

const Account& Ledger::account_of(const std::string& session) const {
  static const Account none;
  const auto at = m_accounts.find(session);
  return at == m_accounts.end() ? none : at->second;
}

std::int64_t Ledger::growth(const std::string& session, const std::vector<Change>& changes,
                            const std::map<std::string, double>& amounts) const {
  const auto& [kept, charged] = account_of(session);
  std::int64_t more = 0;
  for (const auto& one : changes) {
    const auto known = kept.find({one.policy, one.key});
    if (known != kept.end()) more -= static_cast<std::int64_t>(size_of(one.policy, one.key, known->second));
    if (!one.value.empty()) more += static_cast<std::int64_t>(size_of(one.policy, one.key, one.value));
  }
  for (const auto& [name, amount] : amounts)
    more += charged.contains(name) ? 0 : static_cast<std::int64_t>(name.size() + value_frame);
  return more;
}

std::optional<Error> Ledger::keep(const std::string& session, const std::vector<Change>& changes,
                                  const std::map<std::string, double>& amounts) {
  if (changes.empty() && amounts.empty()) return std::nullopt;
  if (auto error = make_room(growth(session, changes, amounts))) return error;
  Account& account = m_accounts[session];
  std::string line = "{\"session\":" + service::json_quote(session) + ",\"kept\":[";
  for (const auto& one : changes) {
    const std::pair place(one.policy, one.key);
    if (one.value.empty())
      account.kept.erase(place);
    else
      account.kept[place] = one.value;
    line += (line.back() == '[' ? "[" : ",[") + service::json_quote(one.policy) + "," + service::json_quote(one.key) +
            (one.value.empty() ? "" : "," + one.value) + "]";
  }
  line += "],\"charged\":{";
  for (const auto& [name, amount] : amounts) {
    const double total = account.charged[name] += amount;
    line += (line.back() == '{' ? "" : ",") + service::json_quote(name) + ":";
    append_number(line, total);
  }
  return m_journal.put(line + "}}\n");
}

void Ledger::forget(const std::string& session) {
  const auto at = m_accounts.find(session);
  if (at == m_accounts.end()) return;
  m_content -= size_of(at->second);
  m_accounts.erase(at);
  m_journal.put("{\"gone\":" + service::json_quote(session) + "}\n");
}

std::vector<Ledger::Entry> Ledger::entries() const {
  std::vector<Entry> all;
  for (const auto& [session, account] : m_accounts) {
    for (const auto& [place, value] : account.kept) all.push_back({session, place.first, place.second, value});
  }
  return all;
}

std::vector<std::string> Ledger::sessions() const {
  std::vector<std::string> all;
  for (const auto& [session, account] : m_accounts) all.push_back(session);
  return all;
}

std::map<std::string, double> Ledger::charged(const std::string& session) const { return account_of(session).charged; }

}  // namespace berth::policy
