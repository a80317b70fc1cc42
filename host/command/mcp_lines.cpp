// Bounded, whatever comes.
#include "command/mcp_lines.hpp"

#include <algorithm>
#include <utility>

namespace berth::command {

void McpLines::add(std::string_view bytes, const Take& take) {
  while (!bytes.empty()) {
    const auto end = bytes.find('\n');
    const auto part = bytes.substr(0, end);
    if (!m_too_long && m_line.size() + part.size() > m_longest) {
      m_too_long = true;
      m_id.add(m_line);
      std::string().swap(m_line);
    }
    if (m_too_long)
      m_id.add(part);
    else
      m_line += part;
    if (end == std::string_view::npos) return;
    finish(take);
    bytes.remove_prefix(end + 1);
  }
}

void McpLines::end(const Take& take) {
  if (!m_line.empty() || m_too_long) finish(take);
}

void McpLines::finish(const Take& take) {
  McpLine line{std::exchange(m_line, {}), std::exchange(m_too_long, false)};
  if (line.too_long) line.id = std::exchange(m_id, {}).id();
  if (line.text.ends_with('\r')) line.text.pop_back();
  take(std::move(line));
}

std::string one_line(std::string json) {
  std::replace_if(
      json.begin(), json.end(), [](char c) { return c == '\n' || c == '\r'; }, ' ');
  while (json.ends_with(' ')) json.pop_back();
  return json;
}

}  // namespace berth::command
