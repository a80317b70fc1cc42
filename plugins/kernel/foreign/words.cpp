// Jupyter's shapes are those of its messaging specification, 5.3; kernels of any 5.x are understood.
#include "foreign/words.hpp"

#include <berth/base64.hpp>

#include <utility>

#include "fields.hpp"

namespace kernel::foreign {

using berth::Json;
using wire::Saying;

namespace {

constexpr std::size_t most_name = 1000;

Saying execute_request(const Json& frame) {
  return {"execute_request",
          {{"code", text(frame, "code")},
           {"silent", typed(frame, "silent", false)},
           {"store_history", typed(frame, "store_history", true)},
           {"user_expressions", typed(frame, "user_expressions", Json::object())},
           {"allow_stdin", typed(frame, "allow_stdin", false)},
           // Nothing waits in the kernel: what comes next is sent when this has ended.
           {"stop_on_error", false}}};
}

Saying cursor_request(const char* type, const Json& frame) {
  return {type,
          {{"code", text(frame, "code")},
           {"cursor_pos", typed(frame, "cursor_pos", 0)},
           {"detail_level", typed(frame, "detail_level", 0)}}};
}

Saying history_request(const Json& frame) {
  Saying saying{"history_request",
                {{"hist_access_type", typed(frame, "access", "tail")},
                 {"raw", typed(frame, "raw", true)},
                 {"output", typed(frame, "output", false)},
                 {"unique", typed(frame, "unique", false)},
                 {"session", typed(frame, "session", 0)},
                 {"start", typed(frame, "start", 1)},
                 {"pattern", typed(frame, "pattern", "*")}}};
  if (frame.contains("stop")) saying.content["stop"] = frame["stop"];
  if (frame.contains("count")) saying.content["n"] = frame["count"];
  return saying;
}

Saying comm_request(const Json& frame) {
  Saying saying{text(frame, "type"), typed(frame, "content", Json::object()), "{}",
                typed(frame, "metadata", Json::object())};
  for (const auto& one : typed(frame, "buffers", Json::array()))
    if (one.is_string()) saying.buffers.push_back(berth::from_base64(one.get_ref<const std::string&>()).value_or(""));
  return saying;
}

Json error_of(const Json& content) {
  Json lines = Json::array(), plains = Json::array();
  for (const auto& line : typed(content, "traceback", Json::array())) {
    if (!line.is_string()) continue;
    lines.push_back(line);
    plains.push_back(plain(line.get<std::string>()));
  }
  return {{"name", text(content, "ename")},
          {"value", text(content, "evalue")},
          {"traceback", std::move(lines)},
          {"plain", std::move(plains)}};
}

// Some kernels say `ok` by saying nothing.
Json ending_of(const Json& content) {
  const std::string status = typed(content, "status", "ok");
  if (status == "ok") return {{"status", "ok"}};
  Json error = error_of(content);
  if (status == "aborted") error["value"] = "the kernel has broken it off";
  const bool interrupted = error["name"] == "KeyboardInterrupt";
  return {{"status", interrupted ? "interrupted" : "error"}, {"error", std::move(error)}};
}

Json comm_event(const wire::Message& message) {
  Json buffers = Json::array();
  for (const auto& one : message.buffers) buffers.push_back(berth::base64(one));
  return {{"event", "comm"},
          {"type", message.type},
          {"content", message.content},
          {"metadata", message.metadata},
          {"buffers", std::move(buffers)}};
}

Json event_of(const wire::Message& message) {
  const Json& content = message.content;
  const auto bundle = [&content](const char* name) {
    return Json{{"event", name},
                {"data", typed(content, "data", Json::object())},
                {"metadata", typed(content, "metadata", Json::object())},
                {"transient", typed(content, "transient", Json::object())}};
  };
  const std::string& type = message.type;
  if (type == "display_data") return bundle("display");
  if (type == "update_display_data") return bundle("update_display");
  if (type == "comm_open" || type == "comm_msg" || type == "comm_close") return comm_event(message);
  if (type == "clear_output") return {{"event", "clear_output"}, {"wait", typed(content, "wait", false)}};
  if (type == "execute_result") {
    Json event = bundle("result");
    event["execution_count"] = typed(content, "execution_count", 0);
    return event;
  }
  if (type != "error") return {};
  Json event = error_of(content);
  event["event"] = "error";
  return event;
}

}  // namespace

std::optional<Saying> request_of(const Json& frame) {
  const std::string request = text(frame, "request");
  if (request == "execute") return execute_request(frame);
  if (request == "complete") return cursor_request("complete_request", frame);
  if (request == "inspect") return cursor_request("inspect_request", frame);
  if (request == "is_complete") return Saying{"is_complete_request", {{"code", text(frame, "code")}}};
  if (request == "history") return history_request(frame);
  if (request == "comm") return comm_request(frame);
  if (request == "ping") return Saying{"kernel_info_request", Json::object()};
  if (request != "comm_info") return std::nullopt;
  const std::string target = text(frame, "target_name");
  return Saying{"comm_info_request", target.empty() ? Json::object() : Json{{"target_name", target}}};
}

bool puts_out(const std::string& request) { return request == "execute" || request == "comm"; }
bool has_reply(const std::string& request) { return request != "comm"; }

Json done_of(const std::string& request, const Json& content) {
  if (request == "is_complete") {
    return {
        {"status", "ok"}, {"complete", typed(content, "status", "unknown")}, {"indent", typed(content, "indent", "")}};
  }
  Json done = ending_of(content);
  const auto take = [&](const char* name, Json otherwise) { done[name] = typed(content, name, std::move(otherwise)); };
  if (request == "execute") {
    take("execution_count", 0);
    take("payload", Json::array());
    take("user_expressions", Json::object());
  }
  if (request == "complete") {
    take("matches", Json::array());
    take("cursor_start", 0);
    take("cursor_end", 0);
  }
  if (request == "inspect") {
    take("found", false);
    take("data", Json::object());
  }
  if (request == "complete" || request == "inspect") take("metadata", Json::object());
  if (request == "history") take("history", Json::array());
  if (request == "comm_info") take("comms", Json::object());
  return done;
}

Json failure(const std::string& name, const std::string& value) {
  const Json lines = Json::array({name + ": " + value});
  return {{"status", "error"}, {"error", {{"name", name}, {"value", value}, {"traceback", lines}, {"plain", lines}}}};
}

std::optional<Told> told_of(const wire::Message& message, const Json& id) {
  if (message.type == "stream") {
    const bool err = text(message.content, "name") == "stderr";
    return Told{err ? Told::What::err : Told::What::out, text(message.content, "text"), {}};
  }
  Json event = event_of(message);
  if (event.is_null()) return std::nullopt;
  event["id"] = id;
  return Told{Told::What::event, {}, {std::move(event), {}, message.bytes}};
}

bool is_idle(const wire::Message& message) {
  return message.type == "status" && field(message.content, "execution_state") == "idle";
}

Json about(const std::string& name, const Json& content) {
  const Json language = typed(content, "language_info", Json::object());
  const auto shorter = [](const Json& from, const char* of) { return text(from, of).substr(0, most_name); };
  return {{"name", name},
          {"implementation", shorter(content, "implementation")},
          {"implementation_version", shorter(content, "implementation_version")},
          {"language", shorter(language, "name")},
          {"language_version", shorter(language, "version")},
          {"kernel_info", content}};
}

// Escape sequences of the kind ESC [ … letter.
std::string plain(const std::string& text) {
  std::string bare;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text.compare(i, 2, "\x1b[") != 0) {
      bare += text[i];
      continue;
    }
    i += 2;
    while (i < text.size() && (text[i] < '@' || text[i] > '~')) ++i;
  }
  return bare;
}

}  // namespace kernel::foreign
