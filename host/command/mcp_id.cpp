// Looks at brackets and quotes alone, and keeps next to nothing.
#include "command/mcp_id.hpp"

#include <utility>

#include "command/json_reading.hpp"

namespace berth::command {

namespace {
constexpr std::size_t longest_kept = 1024;  // of a name or an id
}

void McpId::add(std::string_view bytes) {
  for (const char c : bytes) m_in_text ? text(c) : step(c);
}

void McpId::step(char c) {
  if (c == ' ' || c == '\t' || c == '\r') return;
  if (m_depth == 1 && c == ':') {
    m_key = std::exchange(m_value, {});
    return;
  }
  if (m_depth == 1 && (c == ',' || c == '}' || c == ']')) member();
  if ((c == '}' || c == ']') && m_depth > 0) --m_depth;
  if (c != ',') keep(c);
  if (c == '{' || c == '[') ++m_depth;
  m_in_text = c == '"';
}

void McpId::text(char c) {
  keep(c);
  m_in_text = m_escaped || c != '"';
  m_escaped = !m_escaped && c == '\\';
}

void McpId::keep(char c) {
  if (m_depth == 1 && m_value.size() <= longest_kept) m_value += c;
}

void McpId::member() {
  auto value = json_of(std::exchange(m_value, {}));
  if (m_key == "\"method\"") m_has_method = value.is_string();
  if (m_key == "\"id\"" && (value.is_string() || value.is_number())) m_id = std::move(value);
  m_key.clear();
}

}  // namespace berth::command
