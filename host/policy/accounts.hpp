// What policies keep and have charged, of each session, and the lines of the journal that say so. Knows no file.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace berth::policy {

struct Account {
  std::map<std::pair<std::string, std::string>, std::string> kept;  // policy, key → JSON
  std::map<std::string, double> charged;
};
using Accounts = std::map<std::string, Account>;  // of sessions

// {"session":…,"kept":[[policy,key,value?]…],"charged":{name:total}} or {"gone":session}; what is neither changes
// nothing.
void take_line(Accounts& accounts, std::string_view line);
std::string line_of(const std::string& session, const Account& account);
std::string text_of(const Accounts& accounts);  // all of it, in as few lines as can be

void append_number(std::string& to, double value);

}  // namespace berth::policy
