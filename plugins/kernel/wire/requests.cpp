// The shapes are those of Jupyter's messaging specification, 5.3.
#include "requests.hpp"

#include <berth/base64.hpp>

#include <algorithm>
#include <utility>

#include "fields.hpp"

namespace kernel::wire {

using berth::Json;

namespace {

constexpr std::size_t most_code = 8u << 20, most_error = 1u << 20;

bool code_of(const Json& content, std::string& to) {
  const Json code = field(content, "code");
  if (!code.is_string()) return false;
  to = code.get<std::string>();
  return to.size() <= most_code;
}

Json history_of(const Json& content) {
  Json asked{{"request", "history"},
             {"access", typed(content, "hist_access_type", "tail")},
             {"raw", typed(content, "raw", true)},
             {"output", typed(content, "output", false)},
             {"unique", typed(content, "unique", false)},
             {"session", typed(content, "session", 0)},
             {"start", typed(content, "start", 1)},
             {"pattern", typed(content, "pattern", "*")}};
  if (field(content, "stop").is_number_integer()) asked["stop"] = content["stop"];
  if (field(content, "n").is_number_integer()) asked["count"] = content["n"];
  return asked;
}

// An error is never left out, so it must not be large. `left` is what all of it may have yet.
std::string shortened(std::string text, std::size_t& left) {
  std::size_t size = std::min(text.size(), left);
  while (size > 0 && size < text.size() && (static_cast<unsigned char>(text[size]) & 0xc0u) == 0x80u) --size;
  left -= size;
  if (size < text.size()) text.replace(size, std::string::npos, "…");
  return text;
}

// With the names of the one for those of the other.
Json error_fields(const Json& event) {
  std::size_t left = most_error;
  const std::string name = shortened(text(event, "name"), left), value = shortened(text(event, "value"), left);
  Json lines = Json::array();
  for (const auto& line : typed(event, "traceback", Json::array()))
    if (line.is_string() && left > 0) lines.push_back(shortened(line.get<std::string>(), left));
  return {{"ename", name}, {"evalue", value}, {"traceback", std::move(lines)}};
}

Saying bundle(const char* type, const Json& event) {
  Saying saying{
      type, {{"data", typed(event, "data", Json::object())}, {"metadata", typed(event, "metadata", Json::object())}}};
  if (saying.type == "execute_result")
    saying.content["execution_count"] = typed(event, "execution_count", 0);
  else
    saying.content["transient"] = typed(event, "transient", Json::object());
  return saying;
}

bool is_comm(const std::string& type) { return type == "comm_open" || type == "comm_msg" || type == "comm_close"; }

std::optional<Saying> comm_saying(const Json& event) {
  Saying saying{text(event, "type"), typed(event, "content", Json::object()), "{}",
                typed(event, "metadata", Json::object())};
  if (!is_comm(saying.type)) return std::nullopt;
  for (const auto& one : typed(event, "buffers", Json::array())) {
    if (!one.is_string() || saying.buffers.size() >= Codec::most_frames) return std::nullopt;
    auto bytes = berth::from_base64(one.get_ref<const std::string&>());
    if (!bytes) return std::nullopt;
    saying.buffers.push_back(std::move(*bytes));
  }
  return saying;
}

}  // namespace

std::optional<Ask> ask_of(const Json& content) {
  Ask ask;
  if (!code_of(content, ask.code)) return std::nullopt;
  ask.silent = typed(content, "silent", false);
  ask.store_history = typed(content, "store_history", !ask.silent);
  ask.stop_on_error = typed(content, "stop_on_error", true);
  ask.allow_stdin = typed(content, "allow_stdin", true);
  ask.user_expressions = typed(content, "user_expressions", Json::object());
  ask.timeout = std::chrono::minutes(30);
  ask.wait = true;
  return ask;
}

std::optional<Json> question_of(const Message& message) {
  const Json& content = message.content;
  if (message.type == "history_request") return history_of(content);
  if (message.type == "comm_info_request")
    return Json{{"request", "comm_info"}, {"target_name", typed(content, "target_name", "")}};
  std::string code;
  if (!code_of(content, code)) return std::nullopt;
  if (message.type == "is_complete_request") return Json{{"request", "is_complete"}, {"code", code}};
  if (message.type != "complete_request" && message.type != "inspect_request") return std::nullopt;
  Json asked{{"request", message.type == "complete_request" ? "complete" : "inspect"},
             {"code", code},
             {"detail_level", typed(content, "detail_level", 0) == 1 ? 1 : 0}};
  if (field(content, "cursor_pos").is_number_integer()) asked["cursor_pos"] = content["cursor_pos"];
  return asked;
}

std::optional<Json> comm_of(const Message& message) {
  if (!is_comm(message.type)) return std::nullopt;
  Json buffers = Json::array();
  for (const auto& one : message.buffers) buffers.push_back(berth::base64(one));
  return Json{{"request", "comm"},
              {"type", message.type},
              {"content", message.content},
              {"metadata", message.metadata},
              {"buffers", std::move(buffers)}};
}

Json reply_to(const std::string& type, const Json& done) {
  if (type == "is_complete_request")
    return {{"status", typed(done, "complete", "unknown")}, {"indent", typed(done, "indent", "")}};
  Json reply{{"status", "ok"}};
  if (type == "history_request") reply["history"] = typed(done, "history", Json::array());
  if (type == "comm_info_request") reply["comms"] = typed(done, "comms", Json::object());
  if (type == "inspect_request") {
    reply["found"] = typed(done, "found", false);
    reply["data"] = typed(done, "data", Json::object());
  }
  if (type == "complete_request") {
    reply["matches"] = typed(done, "matches", Json::array());
    reply["cursor_start"] = typed(done, "cursor_start", 0);
    reply["cursor_end"] = typed(done, "cursor_end", 0);
  }
  if (type == "inspect_request" || type == "complete_request")
    reply["metadata"] = typed(done, "metadata", Json::object());
  return reply;
}

Json failed_reply(const std::string& name, const std::string& value) {
  return {{"status", "error"}, {"ename", name}, {"evalue", value}, {"traceback", Json::array({name + ": " + value})}};
}

Json execute_reply(const Json& ending, const Json& done) {
  const bool well = ending.at("status") == "completed";
  const Json none = Json::object();
  Json reply{{"status", well ? "ok" : "error"},
             {"execution_count", ending.at("execution_count")},
             {"payload", typed(ending, "payload", Json::array())},
             {"user_expressions", typed(done.is_object() ? done : none, "user_expressions", Json::object())}};
  if (well) return reply;
  const Json error = typed(ending, "error", Json::object());
  reply.update(
      error_fields({{"name", typed(error, "name", "Error")},
                    {"value", typed(error, "value", "")},
                    {"traceback", field(error, error.contains("traceback_ansi") ? "traceback_ansi" : "traceback")}}));
  return reply;
}

Json kernel_info(const Json& engine) {
  if (Json theirs = typed(engine, "kernel_info", Json::object()); !theirs.empty()) {
    theirs.update({{"status", "ok"}, {"protocol_version", "5.3"}, {"debugger", false}});
    theirs.erase("supported_features");
    return theirs;
  }
  const std::string python = text(engine, "python"), ipython = text(engine, "ipython");
  return {{"status", "ok"},
          {"protocol_version", "5.3"},
          {"implementation", "berth"},
          {"implementation_version", "1.0.0"},
          {"language_info",
           {{"name", "python"},
            {"version", python},
            {"mimetype", "text/x-python"},
            {"file_extension", ".py"},
            {"pygments_lexer", "ipython3"},
            {"codemirror_mode", {{"name", "ipython"}, {"version", 3}}},
            {"nbconvert_exporter", "python"}}},
          {"banner", "Python " + python + ", IPython " + ipython + ", in a session of Berth"},
          {"debugger", false},
          {"help_links", Json::array()}};
}

Json debug_refusal(const Json& content) {
  return {{"type", "response"},
          {"seq", 0},
          {"request_seq", typed(content, "seq", 0)},
          {"command", typed(content, "command", "")},
          {"success", false},
          {"message", "this kernel has no debugger"},
          {"body", Json::object()}};
}

std::optional<Saying> saying_of(const Json& event) {
  const std::string name = text(event, "event");
  if (name == "display") return bundle("display_data", event);
  if (name == "update_display") return bundle("update_display_data", event);
  if (name == "result") return bundle("execute_result", event);
  if (name == "clear_output") return Saying{"clear_output", {{"wait", typed(event, "wait", false)}}};
  if (name == "error") return Saying{"error", error_fields(event)};
  if (name == "comm") return comm_saying(event);
  return std::nullopt;
}

}  // namespace kernel::wire
