// How messages of MCP are told from each other over stdio.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "command/mcp_id.hpp"

namespace berth::command {

// What a message may have; beyond it, nothing is kept.
inline constexpr std::size_t longest_message = 64u << 20;

struct McpLine {
  std::string text;  // without its end
  bool too_long = false;
  nlohmann::json id = nullptr;  // if it is too long, and a request
};

class McpLines {
 public:
  explicit McpLines(std::size_t longest = longest_message) : m_longest(longest) {}

  using Take = std::function<void(McpLine)>;  // is handed each whole line
  void add(std::string_view bytes, const Take& take);
  void end(const Take& take);  // what stands behind the last line's end is a line, too

 private:
  void finish(const Take& take);

  const std::size_t m_longest;
  std::string m_line;
  bool m_too_long = false;
  McpId m_id;  // of what is too long
};

// JSON in one line: outside of texts, where they may not stand, line ends are nothing but space.
std::string one_line(std::string json);

}  // namespace berth::command
