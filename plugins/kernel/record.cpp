// The worker is believed in nothing but its outputs: each field of its frames is looked at before it is used.
#include "record.hpp"

#include <utility>

#include "fields.hpp"

namespace kernel {

using berth::Json;
using How = Ending::How;

namespace {

const char* status_of(const Ending& ending) {
  switch (ending.how) {
    case How::timeout: return "timeout";
    case How::interrupted: return "interrupted";
    case How::died: return "died";
    default: break;
  }
  const std::string said = text(ending.done, "status");
  return said == "ok" ? "completed" : said == "interrupted" ? "interrupted" : "failed";
}

std::string seconds(std::chrono::milliseconds time) {
  std::string text = std::to_string(static_cast<double>(time.count()) / 1000);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text + " s";
}

Json plain_error(const std::string& name, const std::string& value) {
  return {{"name", name}, {"value", value}, {"traceback", Json::array({name + ": " + value})}};
}

// Where it was when it was stopped stays in the traceback.
Json error_of(const Ask& ask, const Ending& ending) {
  const Json said = ending.done.is_object() ? field(ending.done, "error", {}) : Json();
  Json error;
  if (said.is_object())
    error = {{"name", text(said, "name")},
             {"value", text(said, "value")},
             {"traceback", field(said, "plain", Json::array())},
             {"traceback_ansi", field(said, "traceback", Json::array())}};
  const auto named = [&](const char* name, const std::string& value) {
    if (error.is_null()) return plain_error(name, value);
    error["name"] = name;
    error["value"] = value;
    return error;
  };
  if (ending.how == How::timeout)
    return named("CellTimeout", "stopped: the time limit of " + seconds(ask.timeout) + " was reached");
  if (ending.how == How::died) return named("KernelDied", ending.reason);
  if (ending.how == How::interrupted && error.is_null())
    return plain_error("KeyboardInterrupt", ending.reason.empty() ? "the cell was interrupted" : ending.reason);
  return error;
}

}  // namespace

Json Ask::request() const {
  return {{"request", "execute"},
          {"code", code},
          {"silent", silent},
          {"user_expressions", user_expressions},
          {"store_history", store_history},
          {"stop_on_error", stop_on_error},
          {"allow_stdin", allow_stdin}};
}

Json ending_of(const Ask& ask, const Ending& ending) {
  Json all{{"id", ask.id},
           {"kernel", ask.kernel},
           {"status", status_of(ending)},
           {"error", error_of(ask, ending)},
           {"execution_count", ending.count},
           {"timing_ms", ending.ms},
           {"timed_out", ending.how == How::timeout},
           {"kernel_restarted", ending.restarted}};
  if (!ending.reason.empty()) all["reason"] = ending.reason;
  if (ask.beside) all.update(*ask.beside);
  if (!ending.done.is_object()) return all;
  const Json payload = field(ending.done, "payload", Json::array());
  if (payload.is_array() && !payload.empty()) all["payload"] = payload;
  const Json left_out = field(ending.done, "figures_left_out", 0);
  if (left_out.is_number_unsigned() && left_out != 0) all["figures_left_out"] = left_out;
  return all;
}

Record::Record(const Ask& ask, berth::Spiller* spiller, std::size_t most)
    : m_ask(ask),
      m_most_shown(most),
      m_out_spill(spiller ? spiller->spill(ask.session, ask.id, "stdout") : nullptr),
      m_err_spill(spiller ? spiller->spill(ask.session, ask.id, "stderr") : nullptr),
      m_out(ask.most_output, m_out_spill ? m_out_spill->taker() : berth::Kept::Out{}),
      m_err(ask.most_output, m_err_spill ? m_err_spill->taker() : berth::Kept::Out{}) {}

void Record::told(const Told& told) {
  if (told.what == Told::What::out || told.what == Told::What::err) {
    const bool out = told.what == Told::What::out;
    (out ? m_out : m_err).add(told.text);
    return stream(out ? "stdout" : "stderr", told.text);
  }
  const Json& event = told.frame.json;
  const std::string name = text(event, "event");
  if (name == "display") show("display", event, told.frame.bytes);
  if (name == "update_display") update(event, told.frame.bytes);
  if (name == "clear_output") clear(field(event, "wait", false) == true);
  if (name == "left_out") m_truncated = true;
  if (name != "result") return;
  const Json data = typed(event, "data", Json::object());
  m_result = text(data, "text/plain");
  show("result", event, told.frame.bytes);
}

void Record::clear(bool later) {
  m_clear_next = later;
  if (later) return;
  m_outputs = Json::array();
  m_sizes.clear();
  m_bytes = m_stream_bytes = 0;
}

bool Record::fits(std::size_t bytes) {
  if (m_clear_next) clear(false);
  const bool room = m_outputs.size() < most_outputs && m_bytes + bytes <= m_most_shown;
  m_truncated = m_truncated || !room;
  return room;
}

void Record::put(Json output, std::size_t bytes) {
  m_outputs.push_back(std::move(output));
  m_sizes.push_back(bytes);
  m_bytes += bytes;
}

// Only so far as there is room: the whole, with its end, is in `stdout` and `stderr`.
void Record::stream(const char* name, const std::string& text) {
  if (m_clear_next) clear(false);
  if (m_stream_bytes >= m_ask.most_output) return void(m_truncated = true);
  const std::string part = text.substr(0, m_ask.most_output - m_stream_bytes);
  m_stream_bytes += part.size();
  if (part.size() < text.size()) m_truncated = true;
  const bool again = !m_outputs.empty() && m_outputs.back().value("name", "") == name;
  if (again) {
    m_outputs.back()["text"].get_ref<std::string&>() += part;
  } else if (fits(0)) {
    put({{"type", "stream"}, {"name", name}, {"text", part}}, 0);
  }
}

void Record::show(const char* type, const Json& event, std::size_t bytes) {
  if (!fits(bytes)) return;
  Json output{{"type", type},
              {"data", typed(event, "data", Json::object())},
              {"metadata", typed(event, "metadata", Json::object())}};
  const std::string id = text(typed(event, "transient", Json::object()), "display_id");
  if (!id.empty()) output["display_id"] = id;
  put(std::move(output), bytes);
}

// In the place of what was shown: only what it is more than that needs room.
void Record::update(const Json& event, std::size_t bytes) {
  const std::string id = text(typed(event, "transient", Json::object()), "display_id");
  for (std::size_t i = 0; i < m_outputs.size() && !id.empty(); ++i) {
    if (m_outputs[i].value("display_id", "") != id) continue;
    if (m_bytes - m_sizes[i] + bytes > m_most_shown) return void(m_truncated = true);
    m_bytes = m_bytes - m_sizes[i] + bytes;
    m_sizes[i] = bytes;
    m_outputs[i]["data"] = typed(event, "data", Json::object());
    m_outputs[i]["metadata"] = typed(event, "metadata", Json::object());
  }
}

std::string Record::text_of(const berth::Kept& kept, const std::shared_ptr<berth::Spill>& spill) const {
  return kept.text(spill ? spill->note() : std::string());
}

Json Record::answer(const Ending& ending) const {
  Json all = ending_of(m_ask, ending);
  all["stdout"] = text_of(m_out, m_out_spill);
  all["stderr"] = text_of(m_err, m_err_spill);
  all["result"] = m_result;
  all["outputs"] = m_outputs;
  all["truncated"] = m_truncated || m_out.cut() || m_err.cut();
  return all;
}

}  // namespace kernel
