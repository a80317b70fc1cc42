// `berth doctor`: what this machine has and lacks, and the command that gets it. Nothing foreign is run.
#include <sys/resource.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "command/columns.hpp"
#include "command/commands.hpp"
#include "command/config.hpp"
#include "command/plugin_files.hpp"
#include "command/serve.hpp"
#include "service/text.hpp"

namespace berth::command {

namespace fs = std::filesystem;

namespace {

struct Finding {
  std::string who, what;
  bool found;
  bool needed;
  std::string note;  // why, and the command that gets it
};

std::string system_name() {
  std::ifstream release("/etc/os-release");
  for (std::string line; std::getline(release, line);) {
    if (!line.starts_with("PRETTY_NAME=")) continue;
    line.erase(0, 12);
    std::erase(line, '"');
    return line;
  }
  return "an unknown system";
}

bool on_path(const std::string& program) {
  if (program.find('/') != std::string::npos) return access(program.c_str(), X_OK) == 0;
  const char* path = std::getenv("PATH");
  std::istringstream folders(path ? path : "/usr/bin:/bin");
  for (std::string folder; std::getline(folders, folder, ':');) {
    const std::string file = folder + "/" + program;
    std::error_code none;
    if (fs::is_regular_file(file, none) && access(file.c_str(), X_OK) == 0) return true;
  }
  return false;
}

bool library_there(const std::string& name) {
  for (const char* folder : {"/lib/x86_64-linux-gnu", "/usr/lib/x86_64-linux-gnu", "/lib/aarch64-linux-gnu",
                             "/usr/lib/aarch64-linux-gnu", "/usr/local/lib", "/usr/lib", "/lib"}) {
    if (access((std::string(folder) + "/" + name).c_str(), R_OK) == 0) return true;
  }
  return name.starts_with('/') && access(name.c_str(), R_OK) == 0;
}

bool there(const loader::Need& need) {
  switch (need.what) {
    case loader::Need::What::program: return on_path(need.name);
    case loader::Need::What::file: return access(need.name.c_str(), R_OK) == 0;
    case loader::Need::What::library: return library_there(need.name);
  }
  return false;
}

void look_at_machine(std::vector<Finding>& findings) {
  const auto pages =
      static_cast<std::uint64_t>(sysconf(_SC_PHYS_PAGES)) * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
  findings.push_back(
      {"machine", system_name(), true, true,
       std::to_string(sysconf(_SC_NPROCESSORS_ONLN)) + " cores, " + service::format_bytes(pages) + " of memory"});
  rlimit files{};
  getrlimit(RLIMIT_NOFILE, &files);
  findings.push_back({"machine", "open files: " + std::to_string(files.rlim_max), files.rlim_max >= 8192, false,
                      "4096 connections want 8192; raise with ulimit -n or LimitNOFILE="});
}

void look_at_state(std::vector<Finding>& findings, const std::string& state) {
  fs::path at = state;
  std::error_code none;
  while (!fs::exists(at, none) && at.has_parent_path() && at != at.parent_path()) at = at.parent_path();
  const bool writable = access(at.c_str(), W_OK) == 0;
  findings.push_back(
      {"host", "state directory " + state, writable, true,
       writable ? "tokens, audit and uploads are kept there" : "make it writable, or choose another with --state"});
}

void look_at_config(std::vector<Finding>& findings, const std::string& given) {
  const std::string file = given.empty() ? default_config() : given;
  if (file.empty()) {
    findings.push_back({"host", "configuration", true, true, "none; the defaults hold"});
    return;
  }
  const auto checked = load_config(file);
  findings.push_back({"host", "configuration " + file, checked.errors.empty(), true,
                      checked.errors.empty() ? "is good" : checked.errors.front()});
}

void look_at_plugins(std::vector<Finding>& findings, const std::string& config) {
  for (const auto& plugin : plugin_files(config)) {
    findings.push_back({plugin.name, plugin.library_file, bool(plugin.manifest), true,
                        plugin.manifest ? plugin.manifest->summary : plugin.manifest.error().message});
    if (!plugin.manifest) continue;
    for (const auto& need : plugin.manifest->needs) {
      const bool found = there(need);
      findings.push_back(
          {plugin.name, need.name, found, !need.optional, found ? need.why : need.why + "; get it: " + need.get});
    }
  }
}

void print_json(const std::vector<Finding>& findings) {
  nlohmann::json all = nlohmann::json::array();
  for (const auto& one : findings)
    all.push_back(
        {{"who", one.who}, {"what", one.what}, {"found", one.found}, {"needed", one.needed}, {"note", one.note}});
  std::cout << nlohmann::json{{"findings", std::move(all)}}.dump() << "\n";
}

int run(const Arguments& arguments) {
  std::vector<Finding> findings;
  look_at_machine(findings);
  look_at_state(findings, arguments.value("--state", default_state()));
  look_at_config(findings, arguments.value("--config"));
  look_at_plugins(findings, arguments.value("--config"));
  int code = done;
  std::vector<Row> rows;
  for (const auto& one : findings) {
    if (!one.found && one.needed) code = failed;
    rows.push_back({one.who, one.what, one.found ? "ok" : one.needed ? "MISSING" : "missing", one.note});
  }
  if (arguments.has("--json"))
    print_json(findings);
  else
    print_table({"FOR", "WHAT", "", "NOTE"}, rows);
  return code;
}

}  // namespace

Command doctor_command() {
  return {"doctor",
          "says what this machine has and lacks, and how to get it",
          "[options]",
          "Exits with 1 if something that is needed is missing.\n",
          {{"--json", "", "as JSON"},
           {"--config", "FILE", "the configuration to check"},
           {"--state", "DIR", "the state directory to check"}},
          run};
}

}  // namespace berth::command
