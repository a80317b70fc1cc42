// The answers to the messages of one batch, which revision 2025-03-26 has: together, once the last of them is there.
#pragma once

#include <mutex>
#include <string>

#include "command/mcp_lines.hpp"
#include "command/mcp_output.hpp"

namespace berth::command {

// Whoever still has to answer one of its messages holds it; once nobody does, it is answered.
class McpBatch {
 public:
  explicit McpBatch(McpOutput& output, std::size_t longest = longest_message) : m_output(output), m_longest(longest) {}
  ~McpBatch() { put(); }
  McpBatch(const McpBatch&) = delete;

  void add(const std::string& answer);

 private:
  void put();

  McpOutput& m_output;
  const std::size_t m_longest;
  std::mutex m_lock;
  std::string m_answers;
};

}  // namespace berth::command
