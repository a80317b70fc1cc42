// berth.lua, read once and checked: every mistake is named with its file and line, and nothing unknown is let pass.
#pragma once

#include <chrono>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "edge/options.hpp"
#include "loader/own_jail_rules.hpp"
#include "loader/process/keeper.hpp"
#include "loader/services/grants.hpp"
#include "loader/trust.hpp"
#include "loader/wish.hpp"
#include "policy/roster.hpp"
#include "policy/rules.hpp"
#include "service/error.hpp"
#include "service/event_bus.hpp"
#include "service/job_store.hpp"
#include "service/log.hpp"
#include "service/secret_source.hpp"
#include "session/settings.hpp"
#include "session/tokens.hpp"

namespace berth::command {

struct PluginChoice {
  bool enabled = true;
  std::string file;  // a .so outside of the plugin folders; may be empty
  nlohmann::json config = nlohmann::json::object();
  std::optional<bool> own_process;  // null: unless it is the host's own, and asks for none
  loader::ProcessRules process;
  std::string where;  // "berth.lua:7"
  loader::Grants grants;
  loader::JailGrants jail;  // of its own
  service::SecretSources secrets;
  std::uint64_t files = 1u << 30;  // bytes that it may keep
};

struct Config {
  edge::Options edge;  // listens: { 127.0.0.1:8888 } if the file states none
  std::vector<session::Token> tokens;
  std::map<std::string, PluginChoice> plugins;
  std::vector<std::string> plugin_folders;  // beside the built-in one, whose names are taken
  bool only_listed = false;                 // plugins "listed": load none that the file does not name
  loader::TrustRules trust;
  std::chrono::milliseconds leave_time = loader::usual_leave_time;
  std::vector<policy::Rule> rules;
  policy::Policies policies;
  service::EventBus::Limits events;
  service::JobStore::Limits jobs;
  service::Log::Options log;
  std::optional<bool> log_json;  // nullopt: JSON unless stderr is a terminal
  bool log_requests = true;
  std::vector<std::string> jail_require;  // layers of isolation without which the host does not start
  session::Settings sessions;
};

// `errors` are all that were found, "berth.lua:3: unknown setting \"lisen\"; did you mean \"listen\"?".
struct Checked {
  Config config;
  std::vector<std::string> errors;
};

Checked check_config(std::string_view text, const std::string& file_name);
std::string bad_address(const std::string& address);           // what is wrong with a listener's; empty: nothing
bool reaches_beyond_this_machine(const std::string& address);  // of a listener
// What is open to more than those it is meant for, where tokens are not asked for; empty: nothing.
std::string open_door(bool auth, const std::vector<edge::Listen>& listens);
Checked load_config(const std::string& path);  // an unreadable file is an error like the others

}  // namespace berth::command
