// Out go asks, in come answers: in order, and no faster than the plugin takes them.
#include "loader/services/calls.hpp"

#include <utility>

#include "loader/host_side.hpp"
#include "loader/process/packed.hpp"
#include "loader/services/bounds.hpp"
#include "loader/services/call_notes.hpp"
#include "loader/services/tables.hpp"
#include "loader/services/texts.hpp"

namespace berth::loader {

std::uint64_t CallsLent::start(const berth_ask* ask, const berth_ears* ears, void* with) {
  if (!ask || !ears || ask->size < sizeof(berth_ask) || ears->size < sizeof(berth_ears)) return 0;
  if (!ears->answer || !ears->fail || !ears->begin || !ears->file || !ears->chunk || !ears->finish) return 0;
  if ((ask->flags & ~(BERTH_ASK_AS_SESSION | BERTH_ASK_OUTLIVES)) != 0) return 0;
  if (ask->input.size > most_ask_input || ask->operation.size > 200 || ask->session.size > 100) return 0;
  std::uint64_t number = 0;
  {
    const std::lock_guard lock(m_mutex);
    if (m_open.size() >= most_asks) return 0;
    number = ++m_last;
    Open& open = m_open[number];
    open.ears = ears;
    open.with = with;
  }
  Packer fields;
  fields.text(view(ask->operation)).text(view(ask->session)).number(ask->as).number(ask->job).number(ask->flags);
  const auto within = ask->as == 0 ? nullptr : m_lent.place().side.find(ask->as);
  m_lent.say({Verb::call_start, number, fields.done(), ask->input.size > 0 ? copy(ask->input) : "{}"}, within);
  return number;
}

void CallsLent::cancel(std::uint64_t number) {
  {
    const std::lock_guard lock(m_mutex);
    if (m_open.erase(number) == 0) return;
  }
  m_lent.say({Verb::call_cancel, number});
}

void CallsLent::end() {
  const std::lock_guard lock(m_mutex);
  m_open.clear();
}

void CallsLent::resume(std::uint64_t number) {
  {
    const std::lock_guard lock(m_mutex);
    if (!m_open.contains(number)) return;
  }
  m_lent.place().loop.post([this, number, enter = m_lent.place().enter] {  // which knows whether `this` still is
    enter([this, number] {
      {
        const std::lock_guard lock(m_mutex);
        const auto at = m_open.find(number);
        if (at == m_open.end() || !std::exchange(at->second.full, false)) return;
      }
      deliver(number);
    });
  });
}

void CallsLent::hear(Note note) {
  auto shared = std::make_shared<Note>(std::move(note));
  m_lent.place().enter([this, shared] { take(shared->number, std::move(*shared)); });
}

void CallsLent::take(std::uint64_t number, Note note) {
  {
    const std::lock_guard lock(m_mutex);
    const auto at = m_open.find(number);
    if (at == m_open.end()) return;
    at->second.waiting.push_back(std::move(note));
    if (at->second.full) return;
  }
  deliver(number);
}

void CallsLent::deliver(std::uint64_t number) {
  for (;;) {
    Open open;
    Note note;
    {
      const std::lock_guard lock(m_mutex);
      const auto at = m_open.find(number);
      if (at == m_open.end() || at->second.full) return;
      open.owed = std::exchange(at->second.owed, 0);
      if (!at->second.waiting.empty()) {
        open.ears = at->second.ears;
        open.with = at->second.with;
        note = std::move(at->second.waiting.front());
        at->second.waiting.pop_front();
        if (note.verb != Verb::call_chunk && note.verb != Verb::call_begin) m_open.erase(at);
      }
    }
    if (open.owed > 0) pay(number, open.owed);
    if (!open.ears || give(open, number, note)) return;
  }
}

// True: nothing is to be handed on now.
bool CallsLent::give_chunk(const Open& open, std::uint64_t number, const Note& note) {
  Unpacker fields(note.fields);
  const auto binary = static_cast<std::uint32_t>(fields.number());
  const std::string event = fields.text(), id = fields.text();
  const berth_chunk chunk{sizeof(berth_chunk), binary, text_of(note.data), text_of(event), text_of(id)};
  const auto flow = open.ears->chunk(open.with, number, &chunk);
  const auto weight = taken_weight(note.data.size());
  if (flow == BERTH_OK) return pay(number, weight), false;
  if (flow != BERTH_FULL) return cancel(number), true;
  const std::lock_guard lock(m_mutex);
  const auto at = m_open.find(number);
  if (at == m_open.end()) return true;
  at->second.full = true;
  at->second.owed += weight;
  return true;
}

bool CallsLent::give(const Open& open, std::uint64_t number, Note& note) {
  const berth_ears& ears = *open.ears;
  if (note.verb == Verb::call_chunk) return give_chunk(open, number, note);
  if (note.verb == Verb::call_answer) return ears.answer(open.with, number, text_of(note.data)), true;
  if (note.verb == Verb::call_begin || note.verb == Verb::call_file) {
    const Head head = unpack_head(note.fields);
    const auto raw = raw_head(head);
    if (note.verb == Verb::call_begin) return ears.begin(open.with, number, &raw), false;
    return ears.file(open.with, number, note.fd.release(), &raw), true;
  }
  if (note.verb == Verb::call_finish) {
    const auto code = static_cast<std::uint32_t>(Unpacker(note.fields).number());
    return ears.finish(open.with, number, code, text_of(note.data)), true;
  }
  const auto error = unpack_error(note.fields);
  const auto why = failure_of(error);
  return ears.fail(open.with, number, &why), true;
}

void CallsLent::pay(std::uint64_t number, std::uint64_t weight) const {
  Packer fields;
  fields.number(weight);
  m_lent.say({Verb::call_taken, number, fields.done()});
}

namespace {

CallsLent& calls_of(const berth_host* host) { return HostSide::of(host).lent().calls(); }
std::uint64_t start_call(const berth_host* host, const berth_ask* ask, const berth_ears* ears, void* with) {
  return calls_of(host).start(ask, ears, with);
}
void resume_call(const berth_host* host, std::uint64_t number) { calls_of(host).resume(number); }
void cancel_call(const berth_host* host, std::uint64_t number) { calls_of(host).cancel(number); }

}  // namespace

const void* calls_table() {
  static constexpr berth_calls table{sizeof(berth_calls), &start_call, &resume_call, &cancel_call};
  return &table;
}

}  // namespace berth::loader
