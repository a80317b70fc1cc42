// The services that this host has, and how each is given.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace berth::loader {

struct LentService {
  std::string_view name;                                    // in berth.lua: "events"
  std::string_view id;                                      // in a manifest: "berth.events/1"
  const void* (*table)();                                   // the struct of its C header
  enum class Given { always, undeclared, declared } given;  // to everybody; without being declared; if it is declared
  bool strangers;                                           // by default to plugins that did not come with the host
};

const std::vector<LentService>& catalogue();
const LentService* find_service(std::string_view id);
std::vector<std::string> service_names();

}  // namespace berth::loader
