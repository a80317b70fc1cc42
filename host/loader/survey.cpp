// A file that is named in berth.lua comes before what lies in folders, and those before the host's own.
#include "loader/survey.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "loader/field_reader.hpp"

namespace berth::loader {

using service::Error;

namespace {

// A plugin is known by one name: what berth.lua calls another is refused under that name.
Found named(Found found, const std::string& name) {
  if (found.name != name)
    found.manifest = Error{500, "bad_plugin", found.library_file + " is the plugin \"" + found.name + "\"",
                           "write: plugin \"" + found.name + "\" { … }"};
  found.name = name;
  return found;
}

Candidate weigh(const Choice& choice, Found found) {
  const auto at = choice.wishes.find(found.name);
  Candidate one{std::move(found), {}};
  one.wish.process = choice.process;
  if (at != choice.wishes.end()) one.wish = at->second;
  if (one.found.manifest) one.signature = read_signature(one.found, choice.trust.keys);
  if (!one.wish.enabled)
    one.shut_out = one.wish.where + " says so";
  else if (choice.safe && !one.found.first_party)
    one.shut_out = "the host runs in safe mode, with its own plugins alone";
  else
    one.shut_out = not_allowed(one.found, choice.trust);
  one.bad = one.found.manifest ? not_trusted(one.found, one.signature, choice.trust) : one.found.manifest.error();
  return one;
}

Candidate missing(const std::string& name, const Wish& wish) {
  const Error none{500, "not_found", wish.where + ": no plugin of this name was found"};
  return {{name, {}, {}, {}, none}, wish, {}, std::nullopt, none};
}

}  // namespace

std::vector<Candidate> survey(const Choice& choice) {
  std::vector<Candidate> all;
  std::set<std::string> seen;
  for (const auto& [name, wish] : choice.wishes) {
    if (wish.file.empty() || !seen.insert(name).second) continue;
    all.push_back(weigh(choice, named(find_plugin_at(wish.file), name)));
  }
  for (Found& found : find_plugins(choice.folders, choice.own_folders)) {
    if (choice.only_wished && !choice.wishes.contains(found.name)) continue;
    if (seen.insert(found.name).second) all.push_back(weigh(choice, std::move(found)));
  }
  for (const auto& [name, wish] : choice.wishes) {
    if (!seen.contains(name) && wish.enabled) all.push_back(missing(name, wish));
  }
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.found.name < b.found.name; });
  return all;
}

// A name comes from a client: what is no word would lead out of the folders, and what lies there was never chosen.
std::optional<Candidate> survey_one(const Choice& choice, const std::string& name) {
  if (!is_word(name)) return std::nullopt;
  const auto wish = choice.wishes.find(name);
  if (wish != choice.wishes.end() && !wish->second.file.empty())
    return weigh(choice, named(find_plugin_at(wish->second.file), name));
  if (wish == choice.wishes.end() && choice.only_wished) return std::nullopt;
  if (auto found = find_plugin(name, choice.folders, choice.own_folders)) return weigh(choice, std::move(*found));
  if (wish != choice.wishes.end() && wish->second.enabled) return missing(name, wish->second);
  return std::nullopt;
}

}  // namespace berth::loader
