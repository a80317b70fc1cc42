// Grants first: what is not granted is not fetched.
#include "loader/outfit.hpp"

#include <optional>
#include <utility>

namespace berth::loader {

using service::Error;
using service::Result;

namespace {

// Only to whom they are given, and who asks for them.
std::optional<Error> fetch_secrets(Outfit& outfit, const Candidate& candidate, const HostServices& host) {
  const Wish& wish = candidate.wish;
  if (wish.secrets.empty()) return std::nullopt;
  const std::string& name = candidate.found.name;
  if (!outfit.services.contains("berth.secrets/1"))
    return Error{500, "not_granted",
                 name + ": " + wish.where + " gives it secrets, but it does not ask for berth.secrets/1",
                 "take them away, or let its author declare the service"};
  auto secrets = service::fetch_secrets(wish.secrets, host.environment);
  if (!secrets) return Error{500, "no_secret", name + ": " + secrets.error().message, secrets.error().hint};
  for (const auto& [secret, value] : *secrets) outfit.secret_names.push_back(secret);
  outfit.secrets = std::make_shared<const service::SecretSet>(std::move(*secrets));
  return std::nullopt;
}

}  // namespace

Result<Outfit> fit_out(const Candidate& candidate, const HostServices* host) {
  const Manifest& manifest = *candidate.found.manifest;
  auto services = services_of(manifest, candidate.found.first_party, candidate.wish.grants);
  if (!services) return services.error();
  auto jail = own_jail_rules(manifest.name, manifest.jail, candidate.found.first_party, candidate.wish.jail);
  if (!jail) return jail.error();
  Outfit outfit;
  outfit.services = std::move(*services);
  outfit.rights = rights_of(candidate.found.first_party, candidate.wish.grants);
  if (!host) return outfit;
  if (auto missing = fetch_secrets(outfit, candidate, *host)) return *missing;
  outfit.state_folder = host->folder_of(manifest.name);
  outfit.desk = std::make_shared<HostDesk>(*host, manifest, outfit.services, outfit.rights, std::move(*jail));
  return outfit;
}

}  // namespace berth::loader
