// config: the plugin starts with a config that fits, and refuses cleanly where it cannot.
#include "checks.hpp"

#include <algorithm>
#include <utility>

namespace berth::check {

namespace {

// create() as the host calls it. What came of it: started, refused with a reason, or why not even that.
struct Start {
  bool started = false;
  std::string refusal, flaw;
};

Start start(const Subject& subject, const Json& config) {
  Trial trial(subject.api, config);
  Start seen;
  seen.started = trial.started();
  if (const auto why = trial.host().refusal()) seen.refusal = why->message();
  for (const Breach& one : trial.breaches()) seen.flaw = one.what;
  if (seen.flaw.empty() && !seen.started && seen.refusal.empty()) seen.flaw = "create() returned NULL without refuse()";
  return seen;
}

bool starts(const Subject& subject) {
  const std::string with = " with the config " + shown(subject.config.dump());
  subject.doing("create()" + with);
  const Start seen = start(subject, subject.config);
  if (!seen.flaw.empty())
    subject.fail("config", seen.flaw + "," + with, "say refuse() before returning NULL; throw nothing");
  else if (!seen.started)
    subject.fail("config", "refused to start" + with + ": " + shown(seen.refusal),
                 "give berth-check a config that it starts with: --config FILE");
  return seen.flaw.empty() && seen.started;
}

// What of the plugin no check reaches, said once.
void report_outside(const Subject& subject) {
  const std::pair<const char*, const char*> outside[]{{"berth.http/1", "HTTP services are all unreachable here"},
                                                      {"berth.process/1", "no program can be started here"},
                                                      {"berth.calls/1", "other operations are all unknown here"},
                                                      {"berth.secrets/1", "no secret is given here"}};
  const Json declared = subject.manifest.value("services", Json::array());
  for (const auto& [id, what] : outside) {
    if (std::find(declared.begin(), declared.end(), Json(id)) == declared.end()) continue;
    subject.skip("outside",
                 std::string(what) + ": what it does with them was not checked; your own tests can play them");
  }
}

}  // namespace

void check_config(const Subject& subject) {
  report_outside(subject);
  const Json schema = subject.manifest.value("config", Json());
  if (schema.is_null() && !subject.config.empty())
    return subject.fail("config", "it takes no config", "leave --config out, or declare d.config(…)");
  if (!starts(subject)) return;
  if (schema.is_null()) return subject.ok("config", "takes none, and starts");
  if (schema.value("required", Json::array()).empty()) return subject.ok("config", "starts");
  subject.doing("create() without the config that it requires");
  const Start bare = start(subject, Json::object());
  if (!bare.flaw.empty())
    return subject.fail("config", "without what it requires: " + bare.flaw, "throw berth::Error, or say refuse()");
  subject.ok("config",
             bare.started ? "starts, also without what it requires" : "starts, and refuses without what it requires");
}

}  // namespace berth::check
