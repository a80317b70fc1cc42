// The defaults, and the words of a refusal.
#include "loader/services/grants.hpp"

#include <algorithm>

#include "loader/services/catalogue.hpp"
#include "service/text.hpp"

namespace berth::loader {

using service::Error;
using session::Scope;
using Given = LentService::Given;

namespace {

bool granted(const LentService& one, bool first_party, const Grants& grants) {
  if (one.given == Given::always) return true;
  if (grants.services) return grants.services->contains(std::string(one.name));
  return first_party || one.strangers;
}

// The line that would let it in, with what it has already.
std::string line_for(const Manifest& manifest, bool first_party, const Grants& grants, const LentService& missing) {
  std::string list;
  for (const auto& one : catalogue()) {
    const bool wanted =
        &one == &missing ||
        (one.given != Given::always && granted(one, first_party, grants) &&
         (one.given == Given::undeclared ||
          std::find(manifest.services.begin(), manifest.services.end(), one.id) != manifest.services.end() ||
          grants.services));
    if (wanted) list += (list.empty() ? "\"" : ", \"") + std::string(one.name) + "\"";
  }
  return "plugin \"" + manifest.name + "\" { services = { " + list + " } }";
}

}  // namespace

service::Result<std::set<std::string>> services_of(const Manifest& manifest, bool first_party, const Grants& grants) {
  std::set<std::string> lent;
  for (const auto& one : catalogue()) {
    if (one.given != Given::declared && granted(one, first_party, grants)) lent.emplace(one.id);
  }
  for (const auto& id : manifest.services) {
    const auto* one = find_service(id);
    if (!one)
      return Error{500, "bad_plugin",
                   manifest.name + ": it needs the service " + id + ", which this host does not have",
                   "it wants another version of Berth; berth plugin info " + manifest.name + " says what it is"};
    if (!granted(*one, first_party, grants))
      return Error{500, "not_granted",
                   manifest.name + ": it needs the service " + id + ", which it is not granted; to grant it, write " +
                       line_for(manifest, first_party, grants, *one),
                   "a plugin gets what it declares and berth.lua grants"};
    lent.insert(id);
  }
  return lent;
}

bool Rights::cover(std::string_view operation) const {
  return operations.empty() || std::any_of(operations.begin(), operations.end(),
                                           [&](const auto& glob) { return service::matches(glob, operation); });
}

// A level and globs in one list: the highest level counts, and without one it is "read".
Rights rights_of(bool first_party, const Grants& grants) {
  if (!grants.scopes) return {first_party ? Scope::admin : Scope::read};
  Rights rights{Scope::read};
  for (const auto& one : *grants.scopes) {
    if (const auto scope = session::parse_scope(one))
      rights.scope = std::max(rights.scope, *scope);
    else
      rights.operations.push_back(one);
  }
  return rights;
}

}  // namespace berth::loader
