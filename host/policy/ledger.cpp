// Appended with one write(), as the audit is: it outlives kill -9 of the host, and its last lines may not outlive a
// power cut. A torn line is the last one, and counts for nothing.
#include "policy/ledger.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <sstream>

#include "service/files.hpp"
#include "service/text.hpp"

namespace berth::policy {

using nlohmann::json;
using service::Error;

namespace {

constexpr std::uint64_t most_file = 256u << 20, most_content = 32u << 20, least_renewal = 4u << 20;
static_assert(4 * most_content <= most_file / 2);  // it is written anew long before it is more than open() takes
constexpr std::size_t value_frame = 16;            // bytes around each value

void append_number(std::string& to, double value) { to += json(value).dump(); }

}  // namespace

std::optional<Error> Ledger::open(const std::string& folder) {
  if (auto error = service::make_directory(folder)) return error;
  m_path = folder + "/state.journal";
  if (::access(m_path.c_str(), F_OK) == 0) {
    auto text = service::read_regular_file(m_path, most_file);
    if (!text) return text.error();
    std::istringstream lines(*text);
    for (std::string line; std::getline(lines, line) && !lines.eof();) take_line(line);
  }
  return renew();
}

// {"session":…,"kept":[[policy,key,value?]…],"charged":{name:total}} or {"gone":session}
void Ledger::take_line(const std::string& line) {
  const json one = json::parse(line, nullptr, false);
  if (!one.is_object()) return;
  if (const auto gone = one.find("gone"); gone != one.end() && gone->is_string())
    m_accounts.erase(gone->get<std::string>());
  const auto session = one.find("session");
  if (session == one.end() || !session->is_string()) return;
  Account& account = m_accounts[session->get<std::string>()];
  for (const auto& kept : one.value("kept", json::array())) {
    if (!kept.is_array() || kept.size() < 2 || !kept[0].is_string() || !kept[1].is_string()) continue;
    const std::pair place(kept[0].get<std::string>(), kept[1].get<std::string>());
    if (kept.size() > 2)
      account.kept[place] = kept[2].dump();
    else
      account.kept.erase(place);
  }
  const json charged = one.value("charged", json::object());
  for (const auto& [name, total] : charged.items()) {
    if (total.is_number()) account.charged[name] = total;
  }
}

std::string Ledger::line_of(const std::string& session, const Account& account) const {
  std::string line = "{\"session\":" + service::json_quote(session) + ",\"kept\":[";
  for (const auto& [place, value] : account.kept) {
    line += (line.back() == '[' ? "[" : ",[") + service::json_quote(place.first) + "," +
            service::json_quote(place.second) + "," + value + "]";
  }
  line += "],\"charged\":{";
  for (const auto& [name, total] : account.charged) {
    line += (line.back() == '{' ? "" : ",") + service::json_quote(name) + ":";
    append_number(line, total);
  }
  return line + "}}\n";
}

std::optional<Error> Ledger::renew() {
  std::string all;
  for (const auto& [session, account] : m_accounts) all += line_of(session, account);
  if (auto error = service::write_file(m_path, all)) return error;
  m_file = service::UniqueFd(::open(m_path.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC));
  if (!m_file) return service::file_error("write", m_path, errno);
  m_size = m_content = all.size();
  m_renew_at = std::min(std::max(least_renewal, 4 * m_size), most_file / 2);
  return std::nullopt;
}

// What a full disk cut short gets its newline with the next line, and stands there as one that counts for nothing.
std::optional<Error> Ledger::put(const std::string& line) {
  if (!m_file) return std::nullopt;  // it was never opened: kept in memory alone
  if (m_size + line.size() > most_file)
    return Error{503, "too_large", m_path + " is full, and could not be written anew", "is there room on its disk?"};
  const int failed = service::write_all(m_file.get(), line);
  m_size += line.size();
  if (failed != 0) {
    if (::write(m_file.get(), "\n", 1) < 0) return service::file_error("write", m_path, failed);
    return service::file_error("write", m_path, failed);
  }
  if (m_size <= m_renew_at) return std::nullopt;
  auto error = renew();
  if (error) m_renew_at = m_size + least_renewal;  // and not at each line of a full disk
  return error;
}

// Before anything is taken in: what is kept of all sessions has a bound, too.
std::optional<Error> Ledger::make_room(std::int64_t more) {
  const auto content = static_cast<std::int64_t>(m_content) + more;
  if (more > 0 && content > static_cast<std::int64_t>(most_content))
    return Error{503, "too_large", "policies keep 32 MiB of state and charges already",
                 "sessions that end free theirs"};
  m_content = static_cast<std::uint64_t>(std::max<std::int64_t>(content, 0));
  return std::nullopt;
}

const Ledger::Account& Ledger::account_of(const std::string& session) const {
  static const Account none;
  const auto at = m_accounts.find(session);
  return at == m_accounts.end() ? none : at->second;
}

std::int64_t Ledger::growth(const std::string& session, const std::vector<Change>& changes) const {
  const auto& kept = account_of(session).kept;
  std::int64_t more = 0;
  for (const auto& one : changes) {
    const auto known = kept.find({one.policy, one.key});
    if (known != kept.end()) more -= static_cast<std::int64_t>(one.key.size() + known->second.size() + value_frame);
    if (!one.value.empty()) more += static_cast<std::int64_t>(one.key.size() + one.value.size() + value_frame);
  }
  return more;
}

std::optional<Error> Ledger::change(const std::string& session, const std::vector<Change>& changes) {
  if (changes.empty()) return std::nullopt;
  if (auto error = make_room(growth(session, changes))) return error;
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
  return put(line + "]}\n");
}

std::optional<Error> Ledger::charge(const std::string& session, const std::map<std::string, double>& amounts) {
  if (amounts.empty()) return std::nullopt;
  const Account& known = account_of(session);
  std::size_t more = 0;
  for (const auto& [name, amount] : amounts) more += known.charged.contains(name) ? 0 : name.size() + value_frame;
  if (auto error = make_room(static_cast<std::int64_t>(more))) return error;
  Account& account = m_accounts[session];
  std::string line = "{\"session\":" + service::json_quote(session) + ",\"charged\":{";
  for (const auto& [name, amount] : amounts) {
    const double total = account.charged[name] += amount;
    line += (line.back() == '{' ? "" : ",") + service::json_quote(name) + ":";
    append_number(line, total);
  }
  return put(line + "}}\n");
}

void Ledger::forget(const std::string& session) {
  const auto at = m_accounts.find(session);
  if (at == m_accounts.end()) return;
  m_content -= std::min(m_content, static_cast<std::uint64_t>(line_of(session, at->second).size()));
  m_accounts.erase(at);
  put("{\"gone\":" + service::json_quote(session) + "}\n");
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
