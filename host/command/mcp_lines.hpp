// The two ways in which messages of MCP are told from each other: lines, and server-sent events made of lines.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace berth::command {

// What a message may have; beyond it, nothing is kept.
inline constexpr std::size_t longest_message = 64u << 20;

class McpLines {
 public:
  explicit McpLines(std::size_t longest = longest_message) : m_longest(longest) {}

  // Hands out each whole line, without its end; nullopt once for one that is too long.
  using Take = std::function<void(std::optional<std::string>)>;
  void add(std::string_view bytes, const Take& take);
  void end(const Take& take);  // what stands behind the last line's end is a line, too

 private:
  void finish(const Take& take);

  const std::size_t m_longest;
  std::string m_line;
  bool m_too_long = false;
};

struct McpEvent {
  std::string data, id;
  std::optional<std::chrono::milliseconds> retry;
};

class McpEvents {
 public:
  explicit McpEvents(std::size_t longest = longest_message) : m_longest(longest), m_lines(longest + 64) {}

  using Take = std::function<void(McpEvent)>;
  bool add(std::string_view bytes, const Take& take);  // false: an event is too long, and nothing more is read

 private:
  void line(const std::string& text, const Take& take);

  const std::size_t m_longest;
  McpLines m_lines;
  McpEvent m_event;
  bool m_any = false, m_too_long = false;
};

// JSON in one line: outside of texts, where they may not stand, line ends are nothing but space.
std::string one_line(std::string json);

}  // namespace berth::command
