// The groups, and the budget.
#include "groups.hpp"

#include <berth/json_text.hpp>

#include <algorithm>

namespace mcp {

const std::vector<Group>& groups() {
  static const std::vector<Group> all{
      {"all", "Every operation of this host", {}},
      {"kernel", "Python", {"kernel"}},
      {"shell", "Commands, processes and terminals", {"shell"}},
      {"workspace", "The files of the session", {"workspace"}},
      {"browser", "The browser", {"browser"}},
      {"documents", "Typesetting, spreadsheets and word processing", {"tectonic", "xlsx", "docx"}},
      {"system", "Diagnostics of the machine", {"system"}},
  };
  return all;
}

const Group* find_group(std::string_view name) {
  const auto& all = groups();
  const auto at = std::find_if(all.begin(), all.end(), [name](const Group& one) { return one.name == name; });
  return at == all.end() ? nullptr : &*at;
}

std::string absence_of(const Group& group) {
  std::string names;
  for (const auto& plugin : group.plugins) names += (names.empty() ? "" : ", ") + plugin;
  return "its tools are those of " + names + ": no such plugin is loaded here, or the caller may use none of them";
}

Selection selection_of(const std::string& server, const std::string& words) {
  Selection selection;
  selection.server = server;
  if (const Group* group = find_group(server)) selection.plugins = {group->plugins.begin(), group->plugins.end()};
  for (std::size_t at = 0; at < words.size();) {
    const auto end = std::min(words.find(',', at), words.size());
    if (end > at) selection.plugins.insert(words.substr(at, end - at));
    at = end + 1;
  }
  selection.bounded = server.empty() && selection.plugins.empty();
  return selection;
}

bool covers(const Selection& selection, const Offer& offer) {
  return selection.plugins.empty() || selection.plugins.count(offer.plugin) > 0;
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

std::size_t weight(const Offer& offer, bool output) {
  const auto schema = offer.shown.find("outputSchema");
  const bool less = !output && schema != offer.shown.end();
  return offer.text.size() - (less ? berth::json_text(*schema).size() : 0);
}

}  // namespace

Shown within(std::vector<const Offer*> offers, std::size_t budget) {
  Shown shown{std::move(offers), true};
  const auto total = [&] {
    std::size_t bytes = 0;
    for (const Offer* one : shown.offers) bytes += weight(*one, shown.outputs);
    return bytes;
  };
  if (budget == 0 || total() <= budget) return shown;
  shown.outputs = false;
  std::stable_sort(shown.offers.begin(), shown.offers.end(),
                   [](const Offer* a, const Offer* b) { return rank(*a) < rank(*b); });
  std::size_t used = 0;
  std::vector<const Offer*> some;
  for (const Offer* one : shown.offers) {
    const std::size_t more = weight(*one, false);
    if (used + more > budget) continue;
    used += more;
    some.push_back(one);
  }
  shown.offers = std::move(some);
  return shown;
}

}  // namespace mcp
