// A line is what one answer changed, or all of a session.
#include "policy/accounts.hpp"

#include <nlohmann/json.hpp>

#include "service/text.hpp"

namespace berth::policy {

using nlohmann::json;

void append_number(std::string& to, double value) { to += json(value).dump(); }

void take_line(Accounts& accounts, std::string_view line) {
  const json one = json::parse(line, nullptr, false);
  if (!one.is_object()) return;
  if (const auto gone = one.find("gone"); gone != one.end() && gone->is_string())
    accounts.erase(gone->get<std::string>());
  const auto session = one.find("session");
  if (session == one.end() || !session->is_string()) return;
  Account& account = accounts[session->get<std::string>()];
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

std::string line_of(const std::string& session, const Account& account) {
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

std::string text_of(const Accounts& accounts) {
  std::string all;
  for (const auto& [session, account] : accounts) all += line_of(session, account);
  return all;
}

}  // namespace berth::policy
