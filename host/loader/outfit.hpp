// What one instance of a plugin is lent, put together before it is created: granted services, the rights of its calls,
// its secrets, and a desk of its own.
#pragma once

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "loader/desk/host_desk.hpp"
#include "loader/services/grants.hpp"
#include "loader/services/lent.hpp"
#include "loader/survey.hpp"
#include "service/error.hpp"
#include "service/secret.hpp"

namespace berth::loader {

struct Outfit {
  std::set<std::string> services = {};  // ids
  Rights rights = {};
  std::vector<std::string> secret_names = {};
  std::shared_ptr<const service::SecretSet> secrets = {};
  std::shared_ptr<HostDesk> desk = {};
  std::string state_folder = {};
};

// An Error if something that it declares is not granted, or a secret cannot be had. Reads files and may run programs,
// so not on the I/O thread. Without a host's services plugins have a log and their configuration.
service::Result<Outfit> fit_out(const Candidate& candidate, const HostServices* host);

}  // namespace berth::loader
