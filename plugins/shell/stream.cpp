// While a client reads slowly its command is held back, so only what was on its way waits here. Once nothing holds it
// back any more, what does not fit goes into files, from there on.
#include "stream.hpp"

#include <utility>

namespace shell {

using berth::Flow;
using berth::Json;
using namespace std::chrono_literals;

void Stream::push(Json data, const char* event, std::size_t bytes) {
  if (m_gone) return;
  m_bytes += bytes;
  m_waiting.push_back({std::move(data), event, bytes});
  flush();
}

void Stream::flush() {
  while (!m_full && !m_gone && !m_waiting.empty()) {
    const auto one = std::move(m_waiting.front());
    m_waiting.pop_front();
    m_bytes -= one.bytes;
    const Flow flow = m_call.push(one.data, one.event);
    m_full = flow == Flow::full;
    if (flow == Flow::gone) leave();
  }
  if (m_over && m_waiting.empty()) leave();
}

void Stream::text(Source& from, const std::string& text) {
  if (text.empty() || m_gone) return;
  if (from.left_out == 0 && m_bytes + text.size() <= most_waiting)
    return push({{"name", from.name}, {"text", text}}, "stream", text.size());
  from.left_out += text.size();
  from.spill->taker()(text);
}

Flow Stream::add(bool out, std::string_view bytes) {
  Source& from = out ? m_out : m_err;
  text(from, from.whole.add(bytes));
  if (m_gone) return Flow::gone;
  return m_full ? Flow::full : Flow::ok;
}

bool Stream::drained() {
  m_full = false;
  flush();
  return !m_full;
}

// What is in files is told of once it is there.
void Stream::end(Json last) {
  for (Source* from : {&m_out, &m_err}) text(*from, from->whole.rest());
  const bool left_out = m_out.left_out + m_err.left_out > 0;
  last["truncated"] = left_out;
  if (!left_out) return finish(last);
  m_tools.spiller.after([self = shared_from_this(), last] {
    try {
      self->m_tools.timers.after(0ms, [self, last] { self->finish(last); });
    } catch (const berth::Error& error) {
      self->fail(error);
    }
  });
}

void Stream::tell_left_out(const Source& from) {
  if (from.left_out == 0) return;
  push({{"name", from.name}, {"text", berth::left_out_note(from.left_out, from.spill->note())}}, "stream", 0);
}

void Stream::finish(const Json& last) {
  tell_left_out(m_out);
  tell_left_out(m_err);
  push(last, "status", 0);
  m_over = true;
  flush();
}

void Stream::fail(const berth::Error& why) {
  if (!m_gone.exchange(true)) m_call.fail(why);
}

void Stream::leave() {
  if (!m_gone.exchange(true)) m_call.finish();
}

}  // namespace shell
