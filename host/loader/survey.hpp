// What lies on disk, and what the configuration says of it: every plugin that could run, and why some shall not. Reads
// files and runs no foreign code. Any thread.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "loader/finder.hpp"
#include "loader/trust.hpp"
#include "loader/wish.hpp"
#include "service/error.hpp"

namespace berth::loader {

struct Choice {
  std::vector<std::string> folders, own_folders;  // of strangers' plugins, of the host's own
  std::map<std::string, Wish> wishes;
  ProcessRules process;  // of those that no wish names
  bool only_wished = false;
  bool safe = false;  // strangers' plugins stay out
  TrustRules trust = {};
  std::chrono::milliseconds leave_time = usual_leave_time;
};

struct Candidate {
  Found found;
  Wish wish;
  Signature signature = {};
  std::optional<std::string> shut_out = std::nullopt;  // it shall not run, and why
  std::optional<service::Error> bad = std::nullopt;    // it cannot
  bool on_trial = false;  // takes another's place: must be well, and answer its smoke calls
};

std::vector<Candidate> survey(const Choice& choice);  // by name
std::optional<Candidate> survey_one(const Choice& choice, const std::string& name);

}  // namespace berth::loader
