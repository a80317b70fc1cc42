// flows, cancel, backpressure: bodies, events, messages, clients that leave and clients that read slowly.
#include <thread>

#include "checks.hpp"
#include "play.hpp"

namespace berth::check {

namespace {

// Plays one operation with its plain input, and reports the breaches at the end.
class Stage {
 public:
  explicit Stage(const Subject& s) : subject(s), trial(s.api, s.config), m_plain(s.inputs().plain()) {}
  bool playable(const char* check) const {
    if (!m_plain) subject.skip(check, "no input could be made");
    return m_plain.has_value();
  }
  berth_call start(const Body* body = nullptr, bool gone = false) {
    return trial.start(subject.operation, *m_plain, body, gone);
  }
  void close() {
    subject.doing("ending the instance of " + subject.operation);
    trial.end();
    report_breaches(subject, trial.breaches());
  }
  const Subject& subject;
  Trial trial;

 private:
  std::optional<Json> m_plain;
};

std::string told(const Answer& answer) {
  if (answer.how == "fail") return std::to_string(answer.status) + " " + answer.problem;
  return answer.how == "file" ? "a file" : answer.how == "send" ? "JSON" : std::to_string(answer.sent) + " chunks";
}

// ---- flows

bool upload(Stage& stage, const std::string& bytes, const char* type, const char* name) {
  const Body body(bytes, type, name);
  const Subject& subject = stage.subject;
  subject.doing("uploading " + std::to_string(bytes.size()) + " bytes to " + subject.operation);
  const berth_call call = stage.start(&body);
  const bool in_time = stage.trial.finish(call, Milliseconds(5000));
  if (!in_time) stage.trial.cancel(call);
  const bool over = until_over(stage.trial, call);
  const std::string it = "an upload of " + std::to_string(bytes.size()) + " bytes ";
  const char* advice = "an upload may be empty, large, of any type and without a name";
  if (!over)
    subject.fail("flows", it + "was never answered", advice);
  else if (!in_time)
    subject.warn("flows", it + "was not answered within 5 s", advice);
  else if (is_plugin_error(stage.trial.answer(call)))
    subject.fail("flows", it + "failed (500 plugin_error)", advice);
  else
    return true;
  return false;
}

void uploads(Stage& stage) {
  std::string all(300'000, '\0');
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<char>(i * 31);
  const bool good = upload(stage, "", "", "") && upload(stage, "a", "text/plain; charset=utf-8", "ü \"'.txt") &&
                    upload(stage, all, "application/octet-stream", "all");
  if (good) stage.subject.ok("flows", "took uploads of 0, 1 and 300,000 bytes");
}

void talk(Stage& stage) {
  stage.subject.doing("talking to " + stage.subject.operation);
  const berth_call call = stage.start();
  const std::string large(65'536, 'x');
  for (const auto& [bytes, binary] :
       std::initializer_list<std::pair<std::string, bool>>{{"hello", false},
                                                           {"", false},
                                                           {"Grüße 🎉", false},
                                                           {"{\"json\":[1,2]}", false},
                                                           {std::string("\0\xff\xfe", 3), true},
                                                           {large, false},
                                                           {large, true}}) {
    if (stage.trial.answer(call).over()) break;
    stage.trial.message(call, bytes, binary);
  }
  stage.trial.finish(call, Milliseconds(300));
  const Answer before = stage.trial.answer(call);
  if (!before.over()) stage.trial.cancel(call);
  if (is_plugin_error(before))
    return stage.subject.fail("flows", "a message was answered with 500 plugin_error",
                              "take any message, or finish(1003)");
  if (until_over(stage.trial, call)) stage.subject.ok("flows", "took messages, sent " + std::to_string(before.sent));
}

void read_out(Stage& stage) {
  stage.subject.doing("reading " + stage.subject.operation);
  const berth_call call = stage.start();
  const bool ended = stage.trial.finish(call, Milliseconds(2000));
  const Answer answer = stage.trial.answer(call);
  if (!ended) stage.trial.cancel(call);
  if (is_plugin_error(answer))
    return stage.subject.fail("flows", "failed (500 plugin_error): " + reason_of(stage.trial, answer),
                              "throw berth::Error for what cannot be done");
  if (!ended && (stage.subject.kind() == "download" || stage.subject.kind() == "http"))
    return stage.subject.warn("flows", "it did not end in 2 s", "serve a file, or end it with finish()");
  if (until_over(stage.trial, call)) stage.subject.ok("flows", "gave " + told(answer));
}

// ---- cancel

// The client leaves once something has come, or before anything has.
bool leave(Stage& stage, bool at_once) {
  const Subject& subject = stage.subject;
  subject.doing(std::string("cancelling ") + subject.operation + (at_once ? " before it is called" : " while it runs"));
  const Body body("some bytes");
  const berth_call call = stage.start(subject.kind() == "upload" ? &body : nullptr, at_once);
  if (!at_once) {
    stage.trial.host().until(
        call, [](const Answer& now) { return now.over() || now.sent > 0; }, Milliseconds(1000));
    if (!stage.trial.answer(call).over()) stage.trial.cancel(call);
  }
  const bool over = until_over(stage.trial, call);
  const std::size_t late = stage.trial.answer(call).late;
  if (!over)
    subject.fail(
        "cancel",
        at_once ? "a call whose client left before it began was never ended" : "was not ended within 5 s of cancel()",
        "on_cancel(…) comes at any time, also at once; finish() or fail() there, and look at cancelled() in loops");
  else if (late > 16)
    subject.fail("cancel", "tried to send " + std::to_string(late) + " chunks after its client had left",
                 "stop when told BERTH_GONE (Flow::gone, or event() is false)");
  return over && late <= 16;
}

// ---- backpressure

bool wait_full(Stage& stage, berth_call call) {
  return stage.trial.host().until(
             call, [](const Answer& now) { return now.over() || now.full; }, Milliseconds(2000)) &&
         stage.trial.answer(call).full;
}

// Full, it must keep still; read, it must go on.
void go_on(Stage& stage, berth_call call) {
  const Subject& subject = stage.subject;
  std::this_thread::sleep_for(Milliseconds(300));
  const std::size_t before = stage.trial.answer(call).sent;
  if (stage.trial.answer(call).over()) return subject.ok("backpressure", "ended before its client was full");
  subject.doing("drained() of " + subject.operation);
  stage.trial.read_on(call);
  const bool went_on = stage.trial.host().until(
      call, [&](const Answer& now) { return now.over() || now.sent > before; }, Milliseconds(5000));
  if (!went_on)
    return subject.warn("backpressure", "did not go on within 5 s of drained()",
                        "send on in on_drained(…), or after wait() in a blocking operation");
  subject.ok("backpressure", "stops when its client is full, and goes on");
}

}  // namespace

void check_flows(const Subject& subject) {
  Stage stage(subject);
  if (!stage.playable("flows")) return;
  const std::string kind = subject.kind();
  kind == "upload" ? uploads(stage) : kind == "socket" ? talk(stage) : read_out(stage);
  stage.close();
}

void check_cancel(const Subject& subject) {
  Stage stage(subject);
  if (!stage.playable("cancel")) return;
  if (leave(stage, false) && leave(stage, true)) subject.ok("cancel", "ends when its client leaves");
  stage.close();
}

void check_backpressure(const Subject& subject) {
  Stage stage(subject);
  if (!stage.playable("backpressure")) return;
  subject.doing("reading " + subject.operation + " slowly");
  stage.trial.host().room(2);
  const berth_call call = stage.start();
  if (!wait_full(stage, call))
    subject.skip("backpressure", "sent too little to fill a slow client");
  else
    go_on(stage, call);
  stage.close();
}

}  // namespace berth::check
