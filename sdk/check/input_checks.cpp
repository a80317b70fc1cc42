// inputs, outputs, slow: every operation, with inputs at the edges of its schema.
#include "checks.hpp"
#include "fit.hpp"
#include "play.hpp"

namespace berth::check {

namespace {

constexpr Milliseconds patience{50};  // of the host with a call that must not block
constexpr std::chrono::seconds budget{15};

// What was seen of one operation so far; of each kind of trouble the first input is kept.
class Inspection {
 public:
  explicit Inspection(const Subject& subject)
      : m_subject(subject), m_operation(subject.declared()), m_trial(subject.api, subject.config) {}

  void look(const Json& input) {
    const std::string text = shown(input.dump(-1, ' ', false, Json::error_handler_t::replace));
    m_subject.doing("calling " + m_subject.operation + " with " + text);
    const Milliseconds before = m_trial.slowest().took;
    const Played played = play(m_trial, m_operation, input);
    ++m_calls;
    if (!played.over) keep(m_open, text);
    if (!played.cancelled && is_plugin_error(played.answer))
      keep(m_errors, text + " gave: " + reason_of(m_trial, played.answer));
    if (played.answer.how == "send") look_at_output(text, played.answer.body);
    const Slowest now = m_trial.slowest();
    if (now.took > before && now.took >= patience && !m_subject.is("blocking")) look_again(input, text, now);
  }
  bool stuck() const { return m_open.count > 1; }  // each costs seconds

  void report() {
    m_subject.doing("ending the instance of " + m_subject.operation);
    m_trial.end();
    report_breaches(m_subject, m_trial.breaches());
    tell("inputs", m_errors, "failed (500 plugin_error): ",
         "check what the schema lets through, and throw berth::Error(4xx, …) for what cannot be done");
    tell("inputs", m_open,
         "was never answered, not even after cancel(): ", "answer every call; end it soon after cancel()");
    if (m_errors.count + m_open.count == 0) m_subject.ok("inputs", std::to_string(m_calls) + " inputs");
    report_output();
    tell("slow", m_slow,
         "held its thread, which is the host's: ", "declare it blocking(), or answer later from a thread of its own");
    if (m_slow.count > 0) return;
    m_subject.is("blocking")
        ? m_subject.skip("slow", "is declared blocking")
        : m_subject.ok("slow", "at most " + std::to_string(m_trial.slowest().took.count()) + " ms");
  }

 private:
  struct Trouble {
    int count = 0;
    std::string first;
  };
  static void keep(Trouble& trouble, const std::string& text) {
    if (++trouble.count == 1) trouble.first = text;
  }
  void tell(const char* check, const Trouble& trouble, const std::string& what, const std::string& advice) const {
    if (trouble.count == 0) return;
    const std::string times = std::to_string(trouble.count) + " of " + std::to_string(m_calls) + " inputs: ";
    m_subject.fail(check, what + times + trouble.first, advice);
  }

  void look_at_output(const std::string& text, const std::string& body) {
    const auto schema = m_operation.find("output");
    const Json answer = Json::parse(body, nullptr, false);
    if (schema == m_operation.end() || answer.is_discarded()) return;
    ++m_answers;
    if (const auto wrong = misfit(answer, *schema)) keep(m_misfits, text + " gave " + shown(body) + ": " + *wrong);
  }
  void report_output() const {
    const std::string kind = m_subject.kind();
    if (kind != "call" && kind != "upload") return;  // the others' answers are no JSON value
    if (!m_operation.contains("output"))
      return m_subject.skip("outputs", "declares no output schema; with output(…) its answers are documented");
    tell("outputs", m_misfits, "answered what its output schema does not allow: ", "mend the answer or the schema");
    if (m_misfits.count > 0) return;
    m_answers > 0 ? m_subject.ok("outputs", std::to_string(m_answers) + " answers")
                  : m_subject.skip("outputs", "no input was answered with JSON");
  }

  // A machine that is busy makes everything slow once: it counts if it is slow each time.
  void look_again(const Json& input, const std::string& text, const Slowest& first) {
    Milliseconds least = first.took;
    for (int i = 0; i < 3 && least >= patience; ++i) {
      Trial again(m_subject.api, m_subject.config);
      play(again, m_operation, input);
      least = std::min(least, again.slowest().took);
    }
    if (least >= patience)
      keep(m_slow, first.function + "() took " + std::to_string(least.count()) + " ms, with " + text);
  }

  const Subject& m_subject;
  const Json& m_operation;
  Trial m_trial;
  int m_calls = 0, m_answers = 0;
  Trouble m_open, m_errors, m_misfits, m_slow;
};

}  // namespace

void check_inputs(const Subject& subject) {
  Inputs source = subject.inputs();
  const auto inputs = source.make(subject.options.quick ? 15 : 80);
  if (inputs.empty())
    return subject.warn("inputs", "was not called: " + source.why(), "give the field an example(…) that fits");
  Inspection inspection(subject);
  const auto end = std::chrono::steady_clock::now() + budget;
  for (const Json& input : inputs) {
    if (inspection.stuck() || std::chrono::steady_clock::now() > end) break;
    inspection.look(input);
  }
  inspection.report();
}

}  // namespace berth::check
