// The command line of berth-check.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace berth::check {

struct Options {
  std::string given, file;  // the plugin
  nlohmann::json config;    // null: made from the plugin's schema
  std::uint64_t seed = 1;
  int deadline = 0;               // seconds for one check of one operation; 0: its own
  std::vector<std::string> only;  // checks; empty: all
  std::set<std::string> without;  // operations that are not called
  bool json = false, quick = false, strict = false, help = false;

  bool wants(const std::string& check) const;
};

// Nothing, and the reason on standard error, if the words make no sense.
std::optional<Options> read_options(const std::vector<std::string>& words);
extern const char* const usage;

}  // namespace berth::check
