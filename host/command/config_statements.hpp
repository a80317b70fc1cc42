// What each statement of berth.lua does to the configuration.
#pragma once

#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "command/config.hpp"
#include "command/setting.hpp"
#include "service/proxy/allow_list.hpp"

namespace berth::command {

// Returns what is wrong with the statement as a whole; what is wrong with a part of it is complained of there.
using StatementFunction =
    std::function<std::string(Config&, const Statement&, const std::vector<nlohmann::json>& arguments)>;
const std::map<std::string, StatementFunction>& config_statements();
const StatementFunction* plugin_statement();  // the one that may be followed by a second table

std::string read_token(Config& config, const Statement& statement, const std::vector<nlohmann::json>& arguments);
std::string read_listen(Config& config, const Statement& statement, const std::vector<nlohmann::json>& arguments);
std::string read_hosts(Config& config, const Statement& statement, const std::vector<nlohmann::json>& arguments);
std::string read_origins(Config& config, const Statement& statement, const std::vector<nlohmann::json>& arguments);
std::string read_trust(Config& config, const Statement& statement, const std::vector<nlohmann::json>& arguments);
std::string read_jail(Config& config, const Statement& statement, const std::vector<nlohmann::json>& arguments);
std::string read_sessions(Config& config, const Statement& statement, const std::vector<nlohmann::json>& arguments);
std::string read_policies(Config& config, const Statement& statement, const std::vector<nlohmann::json>& arguments);
std::string read_policy(Config& config, const Statement& statement, const std::vector<nlohmann::json>& arguments);
// What statements have in common: a path as the file means it, the path of a file that can be read, the one table they
// are given.
std::string resolved(const Statement& statement, const std::string& path);
std::string readable(const Statement& statement, const nlohmann::json& object, const char* key);
const nlohmann::json* only_table(const std::vector<nlohmann::json>& arguments);
// hosts "a", hosts { "a", "b" }: adds to `into`, or says what is wrong.
std::string read_texts(std::vector<std::string>& into, const char* what, const std::vector<nlohmann::json>& arguments);

// One of trust's keys, named after its file. The error's message names the file.
service::Result<loader::TrustedKey> read_public_key(const std::string& file);

// limits { … }, whose settings are all of one pattern.
void read_limits(Config& config, const Statement& statement, const nlohmann::json& given);
std::vector<std::string> limit_names();
// plugin "x" { … }: where it runs, and the bounds of its process.
void read_process(PluginChoice& choice, const Statement& statement, const nlohmann::json& given);
std::vector<std::string> process_names();
// plugin "x" { … }: which services it is lent, and what it may call.
void read_grants(PluginChoice& choice, const Statement& statement, const nlohmann::json& given);
// plugin "x" { secrets = { … } }: where its secrets are.
void read_secrets(PluginChoice& choice, const Statement& statement, const nlohmann::json& given);
// allow = { … } of a session's network = "proxy".
void read_own_jail(PluginChoice& choice, const Statement& statement, const nlohmann::json& given);
void read_allow(service::proxy::AllowList& into, const Statement& statement, const nlohmann::json& given);
// events { keep = …, bytes = … }, jobs { keep = …, bytes = …, time = … }: what is kept of them.
std::string read_events(Config& config, const Statement& statement, const std::vector<nlohmann::json>& arguments);
std::string read_jobs(Config& config, const Statement& statement, const std::vector<nlohmann::json>& arguments);
// What only shows when all is read, and the defaults of what was not stated.
void finish_config(Config& config, const std::string& file, std::vector<std::string>& errors);

}  // namespace berth::command
