// What a check works on: the plugin as it was loaded in the check's own child, and where findings go.
#pragma once

#include <berth/check/trial.hpp>
#include <string>

#include "child.hpp"
#include "inputs.hpp"
#include "options.hpp"

namespace berth::check {

struct Subject {
  const Options& options;
  Reporter& reporter;
  const berth_plugin* api;
  Json manifest;
  Json config;            // that instances are created with
  std::string operation;  // the name of the one that is looked at; empty in checks of the whole plugin

  const Json& declared() const {
    for (const Json& one : manifest.at("operations"))
      if (one.at("name") == operation) return one;
    throw std::out_of_range("no operation " + operation);
  }
  std::string kind() const { return declared().at("kind"); }
  bool is(const char* word) const { return declared().value(word, false); }
  Inputs inputs() const { return Inputs(declared().at("input"), options.seed); }

  void ok(const std::string& check, const std::string& why) const {
    reporter.found({check, Verdict::ok, operation, why});
  }
  void skip(const std::string& check, const std::string& why) const {
    reporter.found({check, Verdict::skipped, operation, why});
  }
  void warn(const std::string& check, const std::string& why, const std::string& advice) const {
    reporter.found({check, Verdict::warn, operation, why, advice});
  }
  void fail(const std::string& check, const std::string& why, const std::string& advice) const {
    reporter.found({check, Verdict::fail, operation, why, advice});
  }
  void doing(const std::string& what) const { reporter.doing(what); }
};

// The breaches of an instance, as findings of the check `rules`, each rule once for each operation.
void report_breaches(const Subject& subject, const std::vector<Breach>& breaches);

}  // namespace berth::check
