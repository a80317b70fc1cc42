// `berth doctor`: what this machine has and lacks, and the command that gets it. Nothing foreign is run.
#include <pwd.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <berth/json_text.hpp>
#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>

#include "command/client.hpp"
#include "command/columns.hpp"
#include "command/commands.hpp"
#include "command/config.hpp"
#include "command/linked.hpp"
#include "command/machine.hpp"
#include "command/plugin_files.hpp"
#include "command/remedies.hpp"
#include "command/serve.hpp"
#include "jail/jails.hpp"
#include "service/text.hpp"

namespace berth::command {

namespace {

constexpr std::string_view unix_prefix = "unix:";

struct Finding {
  std::string who, what;
  bool found;
  bool needed;
  std::string note;  // why, and the command that gets it
};

using Findings = std::vector<Finding>;

std::string user_name() {
  const passwd* user = ::getpwuid(::geteuid());
  return user ? user->pw_name : std::to_string(::geteuid());
}

// One that is closed to this user is not: it is somebody's, and may be there.
bool is_missing(const std::string& folder) {
  struct stat about {};
  return ::stat(folder.c_str(), &about) != 0 && errno == ENOENT;
}

// Only for one that is missing: this takes it from whoever has it.
std::string make_folder(const std::string& folder) {
  return "as root: install -d -m 700 -o " + user_name() + " " + folder;
}

void look_at_machine(Findings& findings) {
  const auto pages =
      static_cast<std::uint64_t>(sysconf(_SC_PHYS_PAGES)) * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
  findings.push_back(
      {"machine", system_name(), true, true,
       std::to_string(sysconf(_SC_NPROCESSORS_ONLN)) + " cores, " + service::format_bytes(pages) + " of memory"});
}

void look_at_files(Findings& findings, const Config& config) {
  rlimit files{};
  getrlimit(RLIMIT_NOFILE, &files);
  const bool unlimited = files.rlim_max == RLIM_INFINITY;
  const std::uint64_t connections = config.edge.limits.connections;
  const std::string wanted = std::to_string(2 * connections);
  const bool enough = files.rlim_max >= 2 * connections;
  findings.push_back({"machine", "open files: " + (unlimited ? "unlimited" : std::to_string(files.rlim_max)), enough,
                      false,
                      enough ? "enough for " + std::to_string(connections) + " connections"
                             : std::to_string(connections) + " connections want " + wanted + "; get them: ulimit -Hn " +
                                   wanted + " as root before the start, or LimitNOFILE=" + wanted + " in its unit"});
}

void look_at_state(Findings& findings, const std::string& state) {
  const bool writable = can_hold_files(state);
  const std::string get = is_missing(state) ? "make it, " + make_folder(state)
                                            : "if nobody else uses it, as root: chown -R " + user_name() + " " + state;
  findings.push_back(
      {"host", "state directory " + state, writable, true,
       writable ? "tokens, audit and uploads are kept there" : "choose another with --state; or " + get});
}

Config look_at_config(Findings& findings, const std::string& file) {
  if (file.empty()) {
    findings.push_back({"host", "configuration", true, true, "none; the defaults hold"});
    return check_config("", "berth.lua").config;
  }
  auto checked = load_config(file);
  if (checked.errors.empty()) checked.errors = plugin_mistakes(checked.config);
  for (const auto& error : checked.errors) findings.push_back({"host", "configuration " + file, false, true, error});
  if (checked.errors.empty()) findings.push_back({"host", "configuration " + file, true, true, "is good"});
  return std::move(checked.config);
}

// What agents' processes will be confined by. Needed is what berth.lua demands.
void look_at_isolation(Findings& findings, const Config& config) {
  const auto jails = jail::Jails::make({});
  if (!jails) {
    findings.push_back({"jail", "isolation", false, true, jails.error().message});
    return;
  }
  const auto& required = config.jail_require;
  for (const auto& layer : (*jails)->isolation().layers) {
    const bool needed = std::find(required.begin(), required.end(), layer.name) != required.end();
    const bool enforced = layer.state == jail::Layer::State::enforced;
    std::string note = (layer.state == jail::Layer::State::fallback ? "fallback: " : "") + layer.detail;
    if (!enforced) note += "; get it: " + remedy_for_layer(layer.name);
    findings.push_back({"jail", layer.name, enforced, needed, std::move(note)});
  }
}

bool berth_answers(const edge::Listen& listen) {
  if (listen.tls) return false;
  Client client({"http://" + listen.address, {}, {}, std::chrono::seconds(3)});
  const auto answer = client.send({"GET", "/livez"});
  return answer && answer->status == 200 && !answer->field("X-Request-Id").empty();
}

void look_at_unix(Findings& findings, const std::string& path) {
  const auto folder = std::filesystem::absolute(path).parent_path();
  const bool writable = ::access(folder.c_str(), W_OK | X_OK) == 0 && can_hold_files(folder);
  const std::string get = is_missing(folder)
                              ? "make it, " + make_folder(folder)
                              : "listen in a folder of its own; make it, " + make_folder(folder / "berth");
  findings.push_back(
      {"host", "address unix:" + path, writable, true,
       writable ? "its folder is writable" : "no socket can be made in " + folder.string() + "; " + get});
}

void look_at_tokens(Findings& findings, const Config& config) {
  const std::string open = open_door(config.edge.auth, config.edge.listens);
  if (!open.empty()) findings.push_back({"host", "tokens", false, false, open});
}

void look_at_ports(Findings& findings, const Config& config) {
  const auto& listens = config.edge.listens;
  const auto answering = std::find_if(listens.begin(), listens.end(), [](const auto& one) {
    return !one.address.starts_with(unix_prefix) && !port_trouble(one.address).why.empty() && berth_answers(one);
  });
  const bool runs = answering != listens.end();
  for (const auto& listen : config.edge.listens) {
    if (listen.address.starts_with(unix_prefix)) {
      look_at_unix(findings, listen.address.substr(unix_prefix.size()));
      continue;
    }
    const auto trouble = port_trouble(listen.address);
    if (trouble.why.empty())
      findings.push_back({"host", "address " + listen.address, true, true, "is free"});
    else if (runs)
      findings.push_back({"host", "address " + listen.address, true, true,
                          listen.address == answering->address
                              ? "a Berth host answers there already"
                              : "in use, as is that of the host at " + answering->address});
    else
      findings.push_back({"host", "address " + listen.address, false, true, trouble.why + "; " + trouble.get});
  }
}

// What the dynamic linker would not find. The package's name is nobody's to guess.
void look_at_libraries(Findings& findings, const loader::Found& plugin) {
  const auto linked = linked_to(plugin.library_file);
  for (const auto& name : linked.libraries) {
    const auto holds = [&](const std::filesystem::path& folder) {
      return ::access((folder / name).c_str(), R_OK) == 0;
    };
    if (std::any_of(linked.folders.begin(), linked.folders.end(), holds)) continue;
    if (is_there({loader::Need::What::library, name, {}, {}})) continue;
    findings.push_back(
        {plugin.name, name, false, true,
         "it is linked to that; find the package: apt-file search " + name + ", then apt-get install it"});
  }
}

void look_at_plugins(Findings& findings, const Config& config) {
  for (const auto& file : plugin_files(config)) {
    const auto& plugin = file.found;
    if (!file.used) continue;
    findings.push_back({plugin.name, plugin.library_file, !file.refused, true,
                        file.refused ? file.refused->message + "; " + file.refused->hint : plugin.manifest->summary});
    look_at_libraries(findings, plugin);
    if (!plugin.manifest) continue;
    for (const auto& need : plugin.manifest->needs) {
      const bool found = is_there(need);
      findings.push_back(
          {plugin.name, need.name, found, !need.optional, found ? need.why : need.why + "; get it: " + need.get});
    }
  }
}

void print_json(const Findings& findings) {
  nlohmann::json all = nlohmann::json::array();
  for (const auto& one : findings)
    all.push_back(
        {{"who", one.who}, {"what", one.what}, {"found", one.found}, {"needed", one.needed}, {"note", one.note}});
  std::cout << json_text({{"findings", std::move(all)}}) << "\n";
}

int run_doctor(const Arguments& arguments) {
  if (!arguments.rest().empty()) {
    std::cerr << "berth: doctor takes options only; see: berth doctor --help\n";
    return misused;
  }
  Findings findings;
  look_at_machine(findings);
  look_at_state(findings, arguments.value("--state", default_state()));
  const Config config = look_at_config(findings, arguments.value("--config", default_config()));
  look_at_files(findings, config);
  look_at_isolation(findings, config);
  look_at_ports(findings, config);
  look_at_tokens(findings, config);
  look_at_plugins(findings, config);
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
          "Looks at files, folders and ports; runs and loads nothing of a plugin's. Exits with 1 if something that is "
          "needed is\nmissing.\n\n"
          "  berth doctor --config /etc/berth/berth.lua\n",
          {{"--json", "", "as JSON"},
           {"--config", "FILE", "the configuration to check"},
           {"--state", "DIR", "the state directory to check"}},
          run_doctor};
}

}  // namespace berth::command
