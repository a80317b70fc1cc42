// Field by field, in the order of their declaration.
#include "policy/wire.hpp"

#include <algorithm>

#include "policy/wire_parts.hpp"
#include "service/text.hpp"

namespace berth::policy {

namespace {

void put_place(Packer& to, const Place& place) { to.number(place.script).number(place.hook); }
Place take_place(Unpacker& from) {
  Place place;
  place.script = from.number();
  place.hook = from.number();
  return place;
}

void put_step(Packer& to, const Step& step) {
  put_place(to, step.place);
  to.number(static_cast<std::uint64_t>(step.kind)).number(step.line).text(step.words);
  real(to, step.seconds).number(step.status);
}
Step take_step(Unpacker& from) {
  Step step;
  step.place = take_place(from);
  step.kind = static_cast<StepKind>(from.number());
  step.line = from.number();
  step.words = from.text();
  step.seconds = real(from);
  step.status = from.number();
  return step;
}

void put_said(Packer& to, const Said& said) {
  put_all(to, said.changes, put_kept);
  put_all(to, said.charges,
          [](Packer& p, const Charge& one) { real(p.number(one.script).text(one.name), one.amount); });
  put_all(to, said.events, [](Packer& p, const Emitted& one) { p.number(one.script).text(one.topic).text(one.data); });
  put_all(to, said.lines, [](Packer& p, const Line& one) { p.number(one.script).number(one.level).text(one.text); });
}
Said take_said(Unpacker& from) {
  Said said;
  said.changes = take_all<Kept>(from, take_kept);
  said.charges = take_all<Charge>(from, [](Unpacker& u) {
    Charge one;
    one.script = u.number();
    one.name = u.text();
    one.amount = real(u);
    return one;
  });
  said.events = take_all<Emitted>(from, [](Unpacker& u) {
    Emitted one;
    one.script = u.number();
    one.topic = u.text();
    one.data = u.text();
    return one;
  });
  said.lines = take_all<Line>(from, [](Unpacker& u) {
    Line one;
    one.script = u.number();
    one.level = u.number();
    one.text = u.text();
    return one;
  });
  return said;
}

}  // namespace

bool Hook::fits(std::string_view name) const {
  return std::any_of(match.begin(), match.end(), [&](const auto& pattern) { return service::matches(pattern, name); });
}

std::string_view name_of(HookKind kind) {
  constexpr std::string_view names[] = {"before", "after", "event", "every", "start", "stop"};
  const auto at = static_cast<std::size_t>(kind);
  return at < std::size(names) ? names[at] : "";
}

std::string_view name_of(StepKind kind) {
  constexpr std::string_view names[] = {"allow", "deny", "delay", "rewrite", "approve", "failed"};
  const auto at = static_cast<std::size_t>(kind);
  return at < std::size(names) ? names[at] : "failed";
}

FrameKind kind_of(std::string_view frame) { return static_cast<FrameKind>(Unpacker(frame).number()); }

std::string pack(const Question& question) {
  auto to = begun(FrameKind::ask);
  to.number(question.id).number(static_cast<std::uint64_t>(question.kind)).number(question.closed);
  to.text(question.session).text(question.operation).text(question.caller).text(question.scope);
  to.text(question.request).text(question.input).text(question.output);
  to.number(question.status).number(question.took_us).number(question.bytes).number(question.turn);
  put_all(to, question.hooks, put_place);
  return to.done();
}

std::optional<Question> unpack_question(std::string_view frame) {
  return whole<Question>(frame, [](Unpacker& from) {
    Question question;
    question.id = from.number();
    question.kind = static_cast<HookKind>(from.number());
    question.closed = from.number() != 0;
    for (auto* text : {&question.session, &question.operation, &question.caller, &question.scope, &question.request,
                       &question.input, &question.output})
      *text = from.text();
    question.status = from.number();
    question.took_us = from.number();
    question.bytes = from.number();
    question.turn = from.number();
    question.hooks = take_all<Place>(from, take_place);
    return question;
  });
}

std::string pack(const Answer& answer) {
  auto to = begun(FrameKind::answer);
  to.number(answer.id);
  put_all(to, answer.steps, put_step);
  put_said(to, answer.said);
  to.text(answer.rewritten).text(answer.remaining);
  return to.done();
}

std::optional<Answer> unpack_answer(std::string_view frame) {
  return whole<Answer>(frame, [](Unpacker& from) {
    Answer answer;
    answer.id = from.number();
    answer.steps = take_all<Step>(from, take_step);
    answer.said = take_said(from);
    answer.rewritten = from.text();
    answer.remaining = from.text();
    return answer;
  });
}

std::string pack(const Waiting& waiting) {
  auto to = begun(FrameKind::call);
  to.number(waiting.id).number(waiting.script).text(waiting.operation).text(waiting.input);
  put_said(to, waiting.said);
  return to.done();
}

std::optional<Waiting> unpack_waiting(std::string_view frame) {
  return whole<Waiting>(frame, [](Unpacker& from) {
    Waiting waiting;
    waiting.id = from.number();
    waiting.script = from.number();
    waiting.operation = from.text();
    waiting.input = from.text();
    waiting.said = take_said(from);
    return waiting;
  });
}

std::string pack(const Resumed& resumed) {
  return begun(FrameKind::resume).number(resumed.id).number(resumed.good).text(resumed.json).done();
}

std::optional<Resumed> unpack_resumed(std::string_view frame) {
  return whole<Resumed>(frame, [](Unpacker& from) {
    Resumed resumed;
    resumed.id = from.number();
    resumed.good = from.number() != 0;
    resumed.json = from.text();
    return resumed;
  });
}

std::string pack_number(FrameKind kind, std::uint64_t number) { return begun(kind).number(number).done(); }

std::optional<std::uint64_t> unpack_number(std::string_view frame) {
  return whole<std::uint64_t>(frame, [](Unpacker& from) { return from.number(); });
}

}  // namespace berth::policy
