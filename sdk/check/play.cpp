// How each kind of operation is played.
#include "play.hpp"

namespace berth::check {

namespace {

constexpr Milliseconds mercy{5000};  // for a call to end, once it is cancelled

// A stream is left after its third event, a socket after an exchange.
void watch(Trial& trial, const std::string& kind, berth_call call, Milliseconds patience) {
  if (kind == "stream") {
    trial.host().until(
        call, [](const Answer& now) { return now.over() || now.sent >= 3 || now.full; }, patience / 3);
  } else if (kind == "socket") {
    trial.message(call, "hello");
    trial.host().until(
        call, [](const Answer& now) { return now.over() || now.sent >= 1; }, patience / 10);
  } else {
    trial.finish(call, patience);
  }
}

}  // namespace

bool until_over(Trial& trial, berth_call call) {
  return trial.host().until(
      call, [](const Answer& now) { return now.over(); }, mercy);
}

Played play(Trial& trial, const Json& operation, const Json& input, Milliseconds patience) {
  const std::string kind = operation.at("kind");
  const Body body("a body, with ü and \xf0\x9f\x8e\x89", "text/plain", "body.txt");
  const berth_call call =
      trial.start(operation.at("name"), input, kind == "upload" || kind == "http" ? &body : nullptr);
  watch(trial, kind, call, patience);
  Played played;
  played.cancelled = !trial.answer(call).over();
  if (played.cancelled) trial.cancel(call);
  played.over = until_over(trial, call);
  played.answer = trial.answer(call);
  return played;
}

bool is_plugin_error(const Answer& answer) {
  return answer.how == "fail" && answer.status == 500 && answer.problem == "plugin_error";
}

std::string reason_of(Trial& trial, const Answer& answer) {
  const auto log = trial.host().log();
  for (auto line = log.rbegin(); line != log.rend(); ++line)
    if (line->fields.is_object() && line->fields.contains("what")) return shown(line->fields["what"].dump());
  return shown(answer.message);
}

}  // namespace berth::check
