// A call between its client and its provider, when policies want a word: before it is carried out, and before its
// answer leaves. On the I/O thread, like all that they are asked.
#include <berth/json_reader.hpp>
#include <utility>

#include "routing/json_input.hpp"
#include "routing/live_call.hpp"

namespace berth::routing {

using service::Error;

namespace {

Error bad_rewrite(const std::string& by, const std::string& what) {
  return {503, "policy_failed", "the policy " + by + " wrote " + what,
          "whoever runs this host can mend that policy; berth policy trace"};
}

}  // namespace

policy::Asked LiveCall::asked() const {
  return {m_route->operation.name, m_route->operation.scope, *m_request.asker, m_request.input};
}

policy::Outcome LiveCall::outcome_so_far(int status) const {
  const auto took = m_dispatcher.m_parts.clock.now() - m_began;
  return {status, {}, std::chrono::duration_cast<std::chrono::microseconds>(took), m_given};
}

// An announcement is carried out by nobody: whoever goes on from it asks then.
void LiveCall::invoke() {
  auto* judge = m_dispatcher.m_parts.judge;
  if (!judge || m_announced || !judge->asks_before(asked())) return enter();
  m_ticket = judge->before(
      asked(), [self = shared_from_this()](policy::Verdict verdict) { self->heard_before(std::move(verdict)); });
}

// Policies may have taken their time, and its provider may have been replaced long since.
void LiveCall::enter() {
  if (const auto& why = m_route->provider->closed()) {
    fail(*why);
    return;
  }
  m_entered = true;
  if (m_sink) m_sink->entered();
  m_route->provider->invoke(shared_from_this());
}

void LiveCall::heard_before(policy::Verdict verdict) {
  {
    const std::lock_guard lock(m_mutex);
    if (m_ended || m_cancelled) return;
  }
  if (m_sink && !verdict.remaining.empty()) m_sink->remaining(std::move(verdict.remaining));
  if (!verdict.refusal && !verdict.rewritten.empty()) verdict.refusal = rewrite_input(verdict);
  if (!verdict.refusal) return enter();
  {
    const std::lock_guard lock(m_mutex);
    m_ended = true;
  }
  tell(std::move(*verdict.refusal));
}

// What a policy writes is no better than what a client sends.
std::optional<Error> LiveCall::rewrite_input(const policy::Verdict& verdict) {
  auto input = parse_json(verdict.rewritten);
  if (!input || !input->is_object()) return bad_rewrite(verdict.by, "an input that is no JSON object");
  auto misfits = m_route->input.check(*input);
  if (!misfits.empty()) {
    Error error = bad_rewrite(verdict.by, "an input that does not fit the schema of " + m_route->operation.name);
    error.misfits = std::move(misfits);
    return error;
  }
  m_request.input = json_text(*input);
  return std::nullopt;
}

// Of the last word of a call that was carried out. True: it is told when they have answered.
bool LiveCall::ask_after(Item& item) {
  auto* judge = m_dispatcher.m_parts.judge;
  if (!judge || !m_entered || m_announced || m_asked_after) return false;
  if (std::holds_alternative<loader::Head>(item) || std::holds_alternative<loader::Chunk>(item)) return false;
  if (!judge->asks_after(asked())) return false;
  m_asked_after = true;
  const auto held = std::make_shared<Item>(std::move(item));
  auto outcome = outcome_so_far(200);
  if (const auto* send = std::get_if<Send>(held.get())) outcome.output = send->json;
  if (const auto* accept = std::get_if<Accept>(held.get())) {
    outcome.output = accept->json;
    outcome.status = 202;
  }
  outcome.bytes += outcome.output.size();
  if (const auto* error = std::get_if<Error>(held.get())) outcome.status = error->status;
  judge->after(asked(), outcome, [self = shared_from_this(), held](policy::Verdict verdict) {
    self->heard_after(std::move(*held), std::move(verdict));
  });
  return true;
}

// What cannot be checked is no better than what does not fit.
std::optional<Error> LiveCall::check_output(const policy::Verdict& verdict) const {
  const auto output = parse_json(verdict.rewritten);
  if (!output) return bad_rewrite(verdict.by, "an output that is no JSON");
  if (m_route->operation.output.is_null()) return std::nullopt;
  const auto& schema = m_route->output();
  if (!schema)
    return bad_rewrite(verdict.by, "an output that nothing can check: " + m_route->operation.name +
                                       " declares it by a broken schema: " + schema.error().message);
  auto misfits = schema->check(*output);
  if (misfits.empty()) return std::nullopt;
  Error error = bad_rewrite(verdict.by, "an output that does not fit the schema of " + m_route->operation.name);
  error.misfits = std::move(misfits);
  return error;
}

// What flowed has flown: only an answer of one piece can still be kept back, and only one that is JSON be another.
void LiveCall::heard_after(Item item, policy::Verdict verdict) {
  if (m_sink && !verdict.remaining.empty()) m_sink->remaining(std::move(verdict.remaining));
  auto* send = std::get_if<Send>(&item);
  auto* accept = std::get_if<Accept>(&item);
  const bool whole = send || accept || std::holds_alternative<File>(item);
  if (!whole) return tell(std::move(item));
  if (verdict.refusal) return tell(std::move(*verdict.refusal));
  if ((send || accept) && !verdict.rewritten.empty()) {
    if (auto error = check_output(verdict)) return tell(std::move(*error));
    (send ? send->json : accept->json) = std::move(verdict.rewritten);
  }
  tell(std::move(item));
}

// Whoever counts what calls cost hears of those, too, whose clients do not wait for the end.
void LiveCall::tell_of_leaving() {
  auto* judge = m_dispatcher.m_parts.judge;
  if (!judge || m_accounted || m_announced) return;
  if (!m_entered) return judge->forget(m_ticket);
  if (std::exchange(m_asked_after, true) || !judge->asks_after(asked())) return;
  judge->after(asked(), outcome_so_far(499), [](const policy::Verdict&) {});
}

}  // namespace berth::routing
