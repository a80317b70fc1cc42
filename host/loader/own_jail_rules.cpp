// Less than it wishes can be given to a plugin, but not by silence: a browser without a network is the operator's word.
#include "loader/own_jail_rules.hpp"

namespace berth::loader {

using service::Error;
using service::proxy::AllowList;

namespace {

std::string line_for(const std::string& plugin, const JailWish& wish) {
  std::string words = wish.nests ? "nests = true" : "";
  std::string names;
  for (const auto& one : wish.allow) names += (names.empty() ? "\"" : ", \"") + one + "\"";
  if (!names.empty()) words += (words.empty() ? "allow = { " : ", allow = { ") + names + " }";
  return "plugin \"" + plugin + "\" { jail = { " + words + " } }";
}

}  // namespace

service::Result<OwnJailRules> own_jail_rules(const std::string& plugin, const JailWish& wish, bool first_party,
                                             const JailGrants& grants) {
  const bool unsaid = (wish.nests && !grants.nests) || (!wish.allow.empty() && !grants.allow);
  if (!first_party && unsaid)
    return Error{500, "not_granted",
                 plugin + ": its programs want more of their jail than it is granted; to grant it, write " +
                     line_for(plugin, wish),
                 "with nests = false, or allow = {}, it runs without"};
  OwnJailRules rules;
  if (wish.memory > 0) rules.memory = wish.memory;
  rules.memory = grants.memory.value_or(rules.memory);
  rules.nests = grants.nests.value_or(wish.nests);
  rules.allow = grants.allow;
  if (!rules.allow && !wish.allow.empty()) {
    rules.allow.emplace();
    for (const auto& one : wish.allow) {
      auto entry = AllowList::parse(one);
      if (!entry) return Error{500, "bad_plugin", plugin + ": jail.allow: " + entry.error().message};
      rules.allow->add(std::move(*entry));
    }
  }
  return rules;
}

}  // namespace berth::loader
