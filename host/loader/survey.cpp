// A file that is named in berth.lua comes before what lies in folders, and the host's own before those of strangers.
#include "loader/survey.hpp"

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

// What is said of another file is not for the host's own, whose configuration may look quite different.
Wish wish_for(const Choice& choice, const Found& found) {
  Wish plain;
  plain.process = choice.process;
  const auto at = choice.wishes.find(found.name);
  if (at == choice.wishes.end()) return plain;
  if (!found.first_party || at->second.file.empty()) return at->second;
  plain.enabled = at->second.enabled;
  plain.where = at->second.where;
  return plain;
}

Candidate weigh(const Choice& choice, Found found) {
  Candidate one{std::move(found), {}};
  one.wish = wish_for(choice, one.found);
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
  Found found{name, {}, {}, {}, none};
  found.gone = true;
  return {std::move(found), wish, {}, std::nullopt, none};
}

// Whether it is the file that berth.lua names for it. In safe mode none takes the place of the host's own.
bool is_elsewhere(const Choice& choice, const Wish& wish, bool has_own) {
  return !wish.file.empty() && !(choice.safe && has_own);
}

}  // namespace

std::vector<Candidate> survey(const Choice& choice) {
  std::map<std::string, Found> lying;
  for (Found& found : find_plugins(choice.folders, choice.own_folders)) {
    if (choice.only_wished && !choice.wishes.contains(found.name)) continue;
    lying.emplace(found.name, std::move(found));
  }
  std::map<std::string, Candidate> all;
  for (const auto& [name, wish] : choice.wishes) {
    const auto at = lying.find(name);
    if (is_elsewhere(choice, wish, at != lying.end() && at->second.first_party))
      all.emplace(name, weigh(choice, named(find_plugin_at(wish.file), name)));
    else if (at == lying.end() && wish.enabled)
      all.emplace(name, missing(name, wish));
  }
  for (auto& [name, found] : lying) {
    if (!all.contains(name)) all.emplace(name, weigh(choice, std::move(found)));
  }
  std::vector<Candidate> sorted;
  sorted.reserve(all.size());
  for (auto& [name, one] : all) sorted.push_back(std::move(one));
  return sorted;
}

// A name comes from a client: what is no word would lead out of the folders, and what lies there was never chosen.
std::optional<Candidate> survey_one(const Choice& choice, const std::string& name) {
  if (!is_word(name)) return std::nullopt;
  const auto wish = choice.wishes.find(name);
  if (wish == choice.wishes.end() && choice.only_wished) return std::nullopt;
  auto found = find_plugin(name, choice.folders, choice.own_folders);
  if (wish != choice.wishes.end() && is_elsewhere(choice, wish->second, found && found->first_party))
    return weigh(choice, named(find_plugin_at(wish->second.file), name));
  if (found) return weigh(choice, std::move(*found));
  if (wish != choice.wishes.end() && wish->second.enabled) return missing(name, wish->second);
  return std::nullopt;
}

}  // namespace berth::loader
