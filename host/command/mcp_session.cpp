// One opens it, the others wait.
#include "command/mcp_session.hpp"

#include <utility>

namespace berth::command {

Fields McpSession::Now::fields() const {
  Fields all;
  if (!id.empty()) all.emplace_back("Mcp-Session-Id", id);
  if (!version.empty()) all.emplace_back("MCP-Protocol-Version", version);
  return all;
}

void McpSession::begin(std::string initialize) {
  const std::lock_guard held(m_lock);
  m_initialize = std::move(initialize);
  m_now = {};
  m_opening = true;
}

bool McpSession::begin_again(const std::string& lost) {
  std::unique_lock held(m_lock);
  m_changed.wait(held, [this] { return !m_opening || m_ended; });
  if (m_ended || m_now.id != lost || m_initialize.empty()) return false;
  m_opening = true;
  return true;
}

void McpSession::opened(Now now) {
  const std::lock_guard held(m_lock);
  m_now = std::move(now);
  m_opening = false;
  m_changed.notify_all();
}

void McpSession::failed() {
  const std::lock_guard held(m_lock);
  m_opening = false;
  m_changed.notify_all();
}

McpSession::Now McpSession::wait() {
  std::unique_lock held(m_lock);
  m_changed.wait(held, [this] { return !m_opening || m_ended; });
  return m_now;
}

std::string McpSession::version() {
  const std::lock_guard held(m_lock);
  return m_opening ? "" : m_now.version;
}

std::string McpSession::initialize() {
  const std::lock_guard held(m_lock);
  return m_initialize;
}

void McpSession::end() {
  const std::lock_guard held(m_lock);
  m_ended = true;
  m_changed.notify_all();
}

}  // namespace berth::command
