// Rights, depth, and what the plugin hears of its calls.
#include "loader/desk/calls_desk.hpp"

#include <berth/service/calls.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "loader/process/packed.hpp"
#include "loader/services/bounds.hpp"
#include "loader/services/call_notes.hpp"
#include "service/text.hpp"

namespace berth::loader {

using service::Error;
using session::Asker;

struct CallsDesk::Wanted {
  std::string operation, session;
  std::uint64_t for_call = 0, for_job = 0, flags = 0;
  bool as_session() const { return (flags & BERTH_ASK_AS_SESSION) != 0; }
  bool outlives() const { return (flags & BERTH_ASK_OUTLIVES) != 0; }
};

class CallsDesk::Ears : public Caller::Ears {
 public:
  Ears(CallsDesk& desk, std::uint64_t number) : m_desk(&desk), m_number(number) {}
  void forget() { m_desk = nullptr; }

  void send(std::string json) override { last({Verb::call_answer, m_number, {}, std::move(json)}); }
  void fail(Error error) override { last({Verb::call_fail, m_number, pack_error(error)}); }
  void file(service::UniqueFd fd, Head head) override {
    last({Verb::call_file, m_number, pack_head(head), {}, std::move(fd)});
  }
  void begin(Head head) override { tell({Verb::call_begin, m_number, pack_head(head)}); }
  void chunk(Chunk chunk) override {
    auto fields = pack_marks(chunk);
    tell({Verb::call_chunk, m_number, std::move(fields), std::move(chunk.bytes)});
  }
  void finish(std::uint32_t code, std::string reason) override {
    Packer fields;
    fields.number(code);
    last({Verb::call_finish, m_number, fields.done(), std::move(reason)});
  }

 private:
  void tell(Note note) {
    if (m_desk) m_desk->m_tell(std::move(note));
  }
  void last(Note note) {
    if (!m_desk) return;
    CallsDesk& desk = *std::exchange(m_desk, nullptr);
    desk.m_open.erase(m_number);
    desk.m_tell(std::move(note));
  }
  CallsDesk* m_desk;
  const std::uint64_t m_number;
};

void CallsDesk::refuse(std::uint64_t number, const Error& error) {
  m_tell({Verb::call_fail, number, pack_error(error)});
}

std::uint64_t CallsDesk::job_of(const Note& note) {
  Unpacker fields(note.fields);
  fields.text();
  fields.text();
  fields.number();
  return fields.number();
}

void CallsDesk::start(Note note, const std::shared_ptr<Reply>& call, const std::shared_ptr<const Asker>& job) {
  Unpacker fields(note.fields);
  Wanted wanted{fields.text(), fields.text(), fields.number(), fields.number(), fields.number()};
  const auto number = note.number;
  if (!fields.done() || m_open.contains(number)) return;
  if (m_open.size() >= most_asks || note.data.size() > most_ask_input)
    return refuse(number, {429, "too_many_calls", m_plugin + " has too many calls open"});
  if (wanted.for_call != 0 && (!call || call->cancelled()))
    return refuse(number, {499, "cancelled", "the call for which it was made is over"});
  if (wanted.for_job != 0 && !job) return refuse(number, {499, "cancelled", "the job for which it was made is over"});
  if (!m_rights.cover(wanted.operation))
    return refuse(number,
                  {403, "forbidden", m_plugin + " is not granted calls of " + wanted.operation,
                   "plugin \"" + m_plugin + "\" { scopes = { …, \"" + wanted.operation + "\" } } in berth.lua"});
  const Asker* whose = wanted.for_call != 0 ? call->request().asker.get() : wanted.for_job != 0 ? job.get() : nullptr;
  auto asker = asker_for(wanted, whose);
  if (asker->depth > deepest_ask)
    return refuse(number, {508, "loop_detected", "plugins call each other " + std::to_string(deepest_ask) + " deep",
                           "does one of them call itself in the end?"});
  auto ears = std::make_shared<Ears>(*this, number);
  m_open[number] = {nullptr, wanted.for_call != 0 && !wanted.outlives() ? call : nullptr, wanted.for_job, ears};
  auto live = m_caller.start({std::move(wanted.operation), std::move(note.data), std::move(asker)}, ears);
  const auto at = m_open.find(number);  // it may be over already
  if (at != m_open.end()) at->second.call = std::move(live);
}

std::shared_ptr<Asker> CallsDesk::asker_for(const Wanted& wanted, const Asker* whose) const {
  auto asker = granted(wanted, whose);
  if (!wanted.as_session()) return asker;
  asker->who.scope = std::min(asker->who.scope, session::Scope::run);
  asker->who.session = asker->session;
  return asker;
}

// Never more than the caller may, nor more than berth.lua grants the plugin.
std::shared_ptr<Asker> CallsDesk::granted(const Wanted& wanted, const Asker* whose) const {
  auto asker = std::make_shared<Asker>();
  asker->who.scope = m_rights.scope;
  asker->who.name = "plugin:" + m_plugin;
  asker->peer = "plugin";
  asker->depth = 1;
  if (!whose) {
    asker->session = wanted.session.empty() ? "main" : wanted.session;
    asker->request_id = service::random_token(16);
    return asker;
  }
  asker->who.scope = std::min(asker->who.scope, whose->who.scope);
  asker->who.session = whose->who.session;
  asker->behalf = whose->behalf.empty() ? whose->who.name : whose->behalf;
  asker->who.name += " for " + asker->behalf;
  asker->session = whose->session;
  asker->request_id = whose->request_id;
  asker->traceparent = whose->traceparent;
  asker->depth = whose->depth + 1;
  asker->of_policy = whose->of_policy;
  return asker;
}

void CallsDesk::taken(const Note& note) {
  const auto at = m_open.find(note.number);
  if (at == m_open.end() || !at->second.call) return;
  const auto call = at->second.call;  // which may end
  call->consumed(static_cast<std::size_t>(Unpacker(note.fields).number()));
}

void CallsDesk::cancel(std::uint64_t number) {
  const auto node = m_open.extract(number);
  if (!node) return;
  node.mapped().ears->forget();
  if (node.mapped().call) node.mapped().call->cancel();
}

template <class Which>
void CallsDesk::cancel_those(Which which, const char* why) {
  std::vector<std::uint64_t> numbers;
  for (const auto& [number, open] : m_open) {
    if (which(open)) numbers.push_back(number);
  }
  for (const auto number : numbers) {
    cancel(number);
    refuse(number, {499, "cancelled", why});
  }
}

void CallsDesk::cancel_for(const Reply& call) {
  cancel_those([&](const Open& open) { return open.within.lock().get() == &call; },
               "the call for which it was made is cancelled");
}

void CallsDesk::cancel_for_job(std::uint64_t job) {
  cancel_those([&](const Open& open) { return open.job == job; }, "the job for which it was made is cancelled");
}

void CallsDesk::reset() {
  while (!m_open.empty()) cancel(m_open.begin()->first);
}

}  // namespace berth::loader
