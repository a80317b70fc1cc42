// Reads the command line.
#include "options.hpp"

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iostream>

#include "checks.hpp"

namespace berth::check {

const char* const usage =
    "usage: berth-check [options] PLUGIN.so\n"
    "Plays the host to a plugin and says what it does wrong. It calls every operation with made-up inputs: give it a\n"
    "config, and a machine, on which that may happen.\n\n"
    "  --config FILE        JSON for create(); otherwise made from the examples and defaults of the config schema\n"
    "  --without OPERATION  is not called; may be repeated\n"
    "  --only CHECK         may be repeated; the others are left out\n"
    "  --quick              fewer inputs and lives\n"
    "  --seed N             of the inputs; 1 if not given\n"
    "  --deadline SECONDS   that a check may take for one operation, instead of its own\n"
    "  --strict             warnings count as findings\n"
    "  --json               the report as JSON\n\n"
    "Exit: 0 nothing found, 1 something found, 2 wrong usage.\n";

bool Options::wants(const std::string& check) const {
  return only.empty() || std::find(only.begin(), only.end(), check) != only.end();
}

namespace {

bool complain(const std::string& why) {
  std::cerr << "berth-check: " << why << "; see: berth-check --help\n";
  return false;
}

bool read_config(Options& options, const std::string& file) {
  std::ifstream in(file);
  options.config = nlohmann::json::parse(in, nullptr, false);
  return options.config.is_object() || complain(file + " is no file with a JSON object");
}

bool read_number(std::uint64_t& number, const std::string& name, const std::string& text) {
  char* end = nullptr;
  number = std::strtoull(text.c_str(), &end, 10);
  return (!text.empty() && *end == '\0') || complain(name + " wants a number");
}
bool read_deadline(Options& options, const std::string& text) {
  std::uint64_t seconds = 0;
  if (!read_number(seconds, "--deadline", text)) return false;
  options.deadline = static_cast<int>(std::min<std::uint64_t>(seconds, 86'400));
  return true;
}

bool read_only(Options& options, const std::string& check) {
  options.only.push_back(check);
  const auto names = check_names();
  if (std::find(names.begin(), names.end(), check) != names.end()) return true;
  std::string known;
  for (const auto& one : names) known += " " + one;
  return complain("there is no check " + check + "; there are:" + known);
}

bool read_flag(Options& options, const std::string& word) {
  if (word == "--json") return options.json = true;
  if (word == "--quick") return options.quick = true;
  if (word == "--strict") return options.strict = true;
  return (word == "--help" || word == "-h") && (options.help = true);
}

bool read_value(Options& options, const std::string& name, const std::string& value) {
  if (name == "--config") return read_config(options, value);
  if (name == "--seed") return read_number(options.seed, name, value);
  if (name == "--deadline") return read_deadline(options, value);
  if (name == "--only") return read_only(options, value);
  options.without.insert(value);
  return true;
}

}  // namespace

std::optional<Options> read_options(const std::vector<std::string>& words) {
  Options options;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string name = words[i].substr(0, words[i].find('='));
    if (read_flag(options, words[i])) continue;
    static const std::set<std::string> with_value{"--config", "--seed", "--only", "--without", "--deadline"};
    const bool takes = with_value.count(name) > 0;
    if (takes) {
      const bool inside = name.size() < words[i].size();
      if (!inside && i + 1 == words.size()) return complain(name + " wants a value"), std::nullopt;
      if (!read_value(options, name, inside ? words[i].substr(name.size() + 1) : words[++i])) return std::nullopt;
    } else if (name.rfind('-', 0) == 0 || !options.file.empty()) {
      return complain("what is " + words[i] + "?"), std::nullopt;
    } else {
      options.file = words[i];
    }
  }
  if (options.file.empty() && !options.help) return complain("which plugin?"), std::nullopt;
  return options;
}

}  // namespace berth::check
