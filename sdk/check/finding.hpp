// What a check has to say: a verdict, one line why, one line what to do.
#pragma once

#include <string>
#include <vector>

namespace berth::check {

enum class Verdict { ok, skipped, warn, fail };  // from the best to the worst

struct Finding {
  std::string check;
  Verdict verdict = Verdict::ok;
  std::string operation;  // empty: the plugin as a whole
  std::string why;
  std::string advice = {};
};

using Findings = std::vector<Finding>;

inline const char* name_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::ok: return "ok";
    case Verdict::skipped: return "skipped";
    case Verdict::warn: return "warn";
    default: return "FAIL";
  }
}

}  // namespace berth::check
