// A client that reads slowly holds its worker back. What was read already waits here; only a worker that was cut off is
// not held back, and what does not fit then is left out.
#include "stream_cell.hpp"

#include <initializer_list>

#include "fields.hpp"

namespace kernel {

using berth::Flow;
using berth::Json;

StreamCell::StreamCell(const CellTools& tools, Ask ask, const std::shared_ptr<Kernel>& kernel, berth::Call call)
    : Cell(tools, std::move(ask), kernel), m_call(std::move(call)) {}

void StreamCell::begun() { push({{"status", "busy"}, {"id", m_ask.id}, {"kernel", m_ask.kernel}}, "status"); }

void StreamCell::ended(const Ending& ending) {
  forget_calls();
  stop_others(ending);
  text(true, m_out.rest());
  text(false, m_err.rest());
  Json last = ending_of(m_ask, ending);
  last["truncated"] = m_left_out;
  push(std::move(last), "status");
  m_over = true;
  set_over();
  flush();
}

void StreamCell::drained() {
  m_full = false;
  flush();
}

void StreamCell::push(Json data, const char* event, std::size_t bytes) {
  if (m_pending_bytes + bytes > most_pending) return void(m_left_out = true);
  m_pending_bytes += bytes;
  m_pending.push_back({std::move(data), event, bytes});
  flush();
}

void StreamCell::flush() {
  while (!m_full && !m_pending.empty()) {
    const auto one = std::move(m_pending.front());
    m_pending.pop_front();
    m_pending_bytes -= one.bytes;
    m_full = m_call.push(one.data, one.event) == Flow::full;
  }
  if (m_over && m_pending.empty()) return void(m_call.finish());
  if (const auto kernel = m_kernel.lock(); kernel && !m_over) kernel->hold(this, m_full);
}

void StreamCell::text(bool out, std::string_view bytes) {
  if (!bytes.empty()) push({{"name", out ? "stdout" : "stderr"}, {"text", bytes}}, "stream", bytes.size());
}

void StreamCell::heard(const Told& told) {
  if (told.what == Told::What::event) return event(told.frame.json, told.frame.bytes);
  const bool out = told.what == Told::What::out;
  text(out, (out ? m_out : m_err).add(told.text));
}

void StreamCell::event(const Json& event, std::size_t bytes) {
  const Json name = field(event, "event");
  const auto with = [&event](std::initializer_list<const char*> fields) {
    Json data = Json::object();
    for (const char* one : fields)
      if (event.contains(one)) data[one] = event[one];
    return data;
  };
  if (name == "display" || name == "update_display") {
    Json data = with({"data", "metadata"});
    const Json transient = field(event, "transient");
    if (transient.is_object() && transient.contains("display_id")) data["display_id"] = transient["display_id"];
    data["update"] = name == "update_display";
    push(std::move(data), "display", bytes);
  }
  if (name == "left_out") m_left_out = true;
  if (name == "clear_output") push({{"clear", true}, {"wait", field(event, "wait")}}, "display", bytes);
  if (name == "result") push(with({"data", "metadata", "execution_count"}), "result", bytes);
  if (name == "error") push(with({"name", "value", "traceback"}), "error", bytes);
  if (name == "comm") push(with({"type", "content", "metadata", "buffers"}), "comm", bytes);
  if (name == "input_request") push(with({"prompt", "password"}), "input_request", bytes);
  if (name == "withdrawn") push({{"withdrawn", true}}, "input_request", bytes);
}

}  // namespace kernel
