// What is no message of MCP is not handed out: a client takes all lines for some.
#include "command/mcp_answer.hpp"

#include <iostream>
#include <utility>

#include "command/columns.hpp"
#include "command/json_reading.hpp"
#include "command/mcp_lines.hpp"
#include "command/mcp_message.hpp"

namespace berth::command {

using nlohmann::json;

void McpAnswer::begin(const Client::Answer& head) {
  m_events = head.status < 400 && head.field("Content-Type").starts_with("text/event-stream");
  m_reader.reset();
  if (m_events) m_reader.emplace(longest_message);
  m_body.clear();
  if (auto id = head.field("Mcp-Session-Id"); !id.empty()) m_session = std::move(id);
}

bool McpAnswer::take(std::string_view bytes) {
  if (m_events)
    m_too_long = !m_reader->add(bytes, [this](const ServerEvent& one) { event(one); });
  else if (m_body.size() + bytes.size() > longest_message)
    m_too_long = true;
  else
    m_body += bytes;
  return !m_too_long;
}

void McpAnswer::finish(const Client::Answer& answer) {
  if (m_events || m_too_long) return;
  if (answer.status < 400) {
    if (!m_body.empty()) message(m_body);
    return;
  }
  if (m_id.is_null()) return;
  json refusal = json_of(answer.body);
  m_answered = true;
  if (!refusal.is_object() || !refusal.contains("jsonrpc") || !refusal.contains("error"))
    return put(mcp_problem(m_id, answer), true);
  refusal["id"] = m_id;
  put(refusal.dump(-1, ' ', false, json::error_handler_t::replace), true);
}

void McpAnswer::event(const ServerEvent& event) {
  if (!event.id.empty()) m_last_event = event.id;
  if (event.retry) m_retry = *event.retry;
  if (event.data && !event.data->empty()) message(*event.data);
}

// A host that could not read so far refuses without an id.
bool McpAnswer::answers(const json& message) const {
  if (m_id.is_null() || message.contains("method")) return false;
  const auto id = message.find("id");
  if (id == message.end() || id->is_null()) return message.contains("error");
  return *id == m_id;
}

void McpAnswer::message(const std::string& text) {
  json whole = json_of(text);
  if (!whole.is_object() || !whole.contains("jsonrpc")) {
    std::cerr << "berth: the host said what is no message of MCP: " << printable(text.substr(0, 200)) << "\n";
    return;
  }
  if (!answers(whole)) return put(one_line(text));
  if (std::exchange(m_answered, true)) return;
  if (const auto result = whole.find("result"); result != whole.end()) m_version = text_at(*result, "protocolVersion");
  if (whole.contains("id") && whole["id"] == m_id) return put(one_line(text), true);
  whole["id"] = m_id;
  put(whole.dump(-1, ' ', false, json::error_handler_t::replace), true);
}

void McpAnswer::put(const std::string& line, bool answers) const {
  if (m_put) m_put(line, answers);
}

}  // namespace berth::command
