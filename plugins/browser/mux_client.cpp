// What a client does not read waits here within bounds; one message of any size goes if nothing waits before it.
#include "mux_client.hpp"

#include <berth/json_text.hpp>

#include <algorithm>

namespace browser {

namespace {

std::string ending(const std::string& line) {
  return line.empty() ? "}" : ",\"sessionId\":" + berth::json_text(Json(line)) + "}";
}

}  // namespace

std::string answer_text(const std::string& id, std::string_view body, const std::string& line) {
  return ("{\"id\":" + id + ",\"result\":").append(body).append(ending(line));
}

std::string refusal_text(const std::string& id, const std::string& words, const std::string& line, int code) {
  return "{\"id\":" + id + ",\"error\":{\"code\":" + std::to_string(code) +
         ",\"message\":" + berth::json_text(Json(words)) + "}" + ending(line);
}

std::string event_text(std::string_view method, std::string_view body, const std::string& line) {
  return std::string("{\"method\":\"").append(method).append("\",\"params\":").append(body).append(ending(line));
}

std::size_t depth_of(std::string_view text) {
  std::size_t depth = 0, most = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '"') {
      for (++at; at < text.size() && text[at] != '"'; ++at) at += text[at] == '\\';
    } else if (c == '{' || c == '[') {
      most = std::max(most, ++depth);
    } else if ((c == '}' || c == ']') && depth > 0) {
      --depth;
    }
  }
  return most;
}

bool Client::push(const std::string& text) {
  const auto flow = m_call.message(text);
  m_full = flow == berth::Flow::full;
  return flow == berth::Flow::ok || m_full;
}

bool Client::give(std::string text) {
  if (gone) return true;
  if (!m_full && m_queue.empty()) return push(text);
  if (m_waiting > most_waiting) return false;
  m_waiting += text.size();
  m_queue.push_back(std::move(text));
  return true;
}

bool Client::drained() {
  m_full = false;
  while (!m_full && !m_queue.empty()) {
    const std::string next = std::move(m_queue.front());
    m_queue.pop_front();
    m_waiting -= next.size();
    if (!push(next)) return false;
  }
  return true;
}

}  // namespace browser
