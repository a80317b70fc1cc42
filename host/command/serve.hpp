// `berth serve`: the host as a process, with its signals.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "service/error.hpp"

namespace berth::command {

class Host;

struct ServeOptions {
  std::string config;                // berth.lua; empty: look in the usual places, do without if there is none
  std::vector<std::string> listens;  // in place of the file's
  std::string state;                 // empty: the usual place
  std::string token_file;            // empty: STATE/token
  int ready_fd = -1;                 // gets one line of JSON when the host is ready
  bool check = false;                // only check the configuration
  bool safe = false;                 // with Berth's own plugins alone
  bool watch = false;                // reload plugins as their files change
  std::vector<std::string> more_folders = {};  // of plugins, besides the file's
  // What else is to be there while the host runs; called once it is ready.
  std::function<service::Result<std::shared_ptr<void>>(Host&)> beside = {};
};

// An exit code: 0 after a drain or a clean check, 1 if the host could not start.
int serve(const ServeOptions& options);

// Where things are if nobody says otherwise.
std::string default_state();
std::string default_config();  // empty: there is none
std::vector<std::string> built_in_plugin_folders();

}  // namespace berth::command
