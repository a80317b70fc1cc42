// The groups, and the budget.
#include "groups.hpp"

#include <algorithm>

namespace mcp {

Groups::Groups(const Json& more)
    : m_all{{"all", "Every operation of this host", {}},
            {"kernel", "Python", {"kernel"}},
            {"shell", "Commands, processes and terminals", {"shell"}},
            {"workspace", "The files of the session", {"workspace"}},
            {"browser", "The browser", {"browser"}},
            {"documents", "Typesetting, spreadsheets and word processing", {"tectonic", "xlsx", "docx"}},
            {"system", "Diagnostics of the machine", {"system"}},
            {"filesystem", "The session's files, as clients of the server filesystem know them", {"workspace"}, true},
            {"linux", "Diagnostics, as clients of linux-mcp-server know them", {"system", "shell"}, true},
            {"browser-use", "The browser, as clients of browser-use know it", {"browser"}, true},
            {"playwright", "The browser, as clients of Playwright's server know it", {"browser"}, true}} {
  for (const auto& [name, holds] : more.items())
    m_all.push_back({name, "As berth.lua says", holds.get<std::set<std::string>>()});
}

const Group* Groups::find(std::string_view name) const {
  const auto at = std::find_if(m_all.rbegin(), m_all.rend(), [name](const Group& one) { return one.name == name; });
  return at == m_all.rend() ? nullptr : &*at;
}

std::string absence_of(const Group& group) {
  std::string names;
  for (const auto& one : group.holds) names += (names.empty() ? "" : ", ") + one;
  return std::string(group.familiar ? "its tools are made of those of " : "its tools are those of ") + names +
         ": no such plugin is loaded here, or the caller may use none of it";
}

Selection selection_of(const Group* group, const std::string& words) {
  Selection selection;
  selection.group = group;
  if (group) selection.server = group->name;
  for (std::size_t at = 0; at < words.size();) {
    const auto end = std::min(words.find(',', at), words.size());
    if (end > at) selection.only.insert(words.substr(at, end - at));
    at = end + 1;
  }
  selection.bounded = !group && selection.only.empty();
  return selection;
}

bool covers(const Selection& selection, const Offer& offer) {
  const auto in = [&offer](const std::set<std::string>& some) {
    return some.empty() || some.count(offer.plugin) > 0 || some.count(offer.operation) > 0;
  };
  const bool familiar = selection.group && selection.group->familiar;
  if (familiar ? !offer.familiar || offer.familiar->group != selection.server : offer.familiar != nullptr) return false;
  return in(selection.only) && (!selection.group || in(selection.group->holds));
}

namespace {

// What an agent works with comes first; the host's own housekeeping comes last.
int rank(const Offer& offer) {
  constexpr const char* first[]{"kernel", "shell", "workspace", "browser"};
  int place = 0;
  for (const char* plugin : first) {
    if (offer.plugin == plugin) return place;
    ++place;
  }
  return offer.plugin == "host" ? place + 1 : place;
}

std::size_t weight(const Offer& offer, bool output) { return (output ? offer.text : offer.less).size(); }

}  // namespace

Shown within(std::vector<const Offer*> offers, std::size_t budget, std::size_t more) {
  Shown shown{std::move(offers), true};
  const auto total = [&] {
    std::size_t bytes = 0;
    for (const Offer* one : shown.offers) bytes += weight(*one, shown.outputs) + more;
    return bytes;
  };
  if (budget == 0 || total() <= budget) return shown;
  shown.outputs = false;
  std::stable_sort(shown.offers.begin(), shown.offers.end(),
                   [](const Offer* a, const Offer* b) { return rank(*a) < rank(*b); });
  std::size_t used = 0;
  std::vector<const Offer*> some;
  for (const Offer* one : shown.offers) {
    const std::size_t bytes = weight(*one, false) + more;
    if (used + bytes > budget) continue;
    used += bytes;
    some.push_back(one);
  }
  shown.offers = std::move(some);
  return shown;
}

}  // namespace mcp
