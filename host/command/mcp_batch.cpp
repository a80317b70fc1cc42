// What would be too long for one line is said in several: better than to be kept.
#include "command/mcp_batch.hpp"

#include <utility>

namespace berth::command {

void McpBatch::add(const std::string& answer) {
  const std::lock_guard held(m_lock);
  if (m_answers.size() + answer.size() > m_longest) put();
  m_answers += (m_answers.empty() ? "" : ",") + answer;
}

void McpBatch::put() {
  if (!m_answers.empty()) m_output.put("[" + std::exchange(m_answers, {}) + "]");
}

}  // namespace berth::command
