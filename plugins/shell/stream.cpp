// While a client reads slowly its command is held back, so only what was on its way waits here.
#include "stream.hpp"

#include <utility>

namespace shell {

using berth::Flow;
using berth::Json;

void Stream::push(Json data, const char* event, std::size_t bytes) {
  if (m_gone) return;
  if (m_bytes + bytes > most_waiting) return void(m_left_out = true);
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

void Stream::text(bool out, std::string_view text) {
  if (!text.empty()) push({{"name", out ? "stdout" : "stderr"}, {"text", text}}, "stream", text.size());
}

Flow Stream::add(bool out, std::string_view bytes) {
  text(out, (out ? m_out : m_err).add(bytes));
  if (m_gone) return Flow::gone;
  return m_full ? Flow::full : Flow::ok;
}

bool Stream::drained() {
  m_full = false;
  flush();
  return !m_full;
}

void Stream::end(Json last) {
  text(true, m_out.rest());
  text(false, m_err.rest());
  last["truncated"] = m_left_out;
  push(std::move(last), "status", 0);
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
