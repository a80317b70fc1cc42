// Streamable HTTP: one object of JSON, or events of which one is the answer.
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <string_view>

#include "line.hpp"

namespace bench {

namespace {

char lower(char one) { return one >= 'A' && one <= 'Z' ? static_cast<char>(one + 32) : one; }

// Of a head; empty: it has none.
std::string field(std::string_view head, std::string_view name) {
  for (auto at = head.find("\r\n"); at != std::string_view::npos && at + 2 < head.size();
       at = head.find("\r\n", at + 2)) {
    const auto line = head.substr(at + 2, head.find("\r\n", at + 2) - at - 2);
    const auto begun = line.substr(0, name.size());
    if (line.size() <= name.size() || line[name.size()] != ':') continue;
    if (!std::equal(begun.begin(), begun.end(), name.begin(), [](char a, char b) { return lower(a) == b; })) continue;
    const auto value = line.find_first_not_of(' ', name.size() + 1);
    return value == std::string_view::npos ? "" : std::string(line.substr(value));
  }
  return {};
}

}  // namespace

HttpLine::HttpLine(const Place& place) : m_place(place), m_fd(connect_to(place.port)) {}
HttpLine::~HttpLine() { ::close(m_fd); }

void HttpLine::send(const std::string& method, const std::string& message, const std::string& id) {
  std::string text = "POST " + m_place.path + " HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(m_place.port) +
                     "\r\nContent-Type: application/json\r\nAccept: application/json, text/event-stream\r\n";
  if (!m_place.token.empty()) text += "Authorization: Bearer " + m_place.token + "\r\n";
  if (!m_session.empty()) text += "Mcp-Session-Id: " + m_session + "\r\n";
  if (method != "initialize") text += "MCP-Protocol-Version: " + m_place.version + "\r\n";
  if (m_place.version >= "2026") {
    text += "Mcp-Method: " + method + "\r\n";
    const auto name = message.find("\"name\":\"");
    if (method == "tools/call")
      text += "Mcp-Name: " + message.substr(name + 8, message.find('"', name + 8) - name - 8) + "\r\n";
  }
  text += "Content-Length: " + std::to_string(message.size()) + "\r\n\r\n" + message;
  m_id = id;
  m_head = m_events = m_chunked = m_ended = m_found = false;
  m_length = m_looked = 0;
  m_body.clear();
  if (::send(m_fd, text.data(), text.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(text.size())) give_up("cannot send");
}

bool HttpLine::read_head() {
  const auto end = m_held.find("\r\n\r\n");
  if (end == std::string::npos) return false;
  const std::string head = m_held.substr(0, end + 2);
  m_held.erase(0, end + 4);
  const std::string status = head.substr(9, 3), length = field(head, "content-length");
  if (status != "200" && status != "202") give_up("the server answers " + head + m_held);
  if (m_session.empty()) m_session = field(head, "mcp-session-id");
  m_events = field(head, "content-type").compare(0, 17, "text/event-stream") == 0;
  m_chunked = field(head, "transfer-encoding") == "chunked";
  m_length = length.empty() ? 0 : std::strtoul(length.c_str(), nullptr, 10);
  return m_head = true;
}

void HttpLine::read_chunks() {
  while (true) {
    const auto end = m_held.find("\r\n");
    if (end == std::string::npos) return;
    const std::size_t size = std::strtoul(m_held.c_str(), nullptr, 16);
    if (m_held.size() < end + 2 + size + 2) return;
    m_body.append(m_held, end + 2, size);
    m_held.erase(0, end + 2 + size + 2);
    m_ended = size == 0;
    if (m_ended) return;
  }
}

void HttpLine::look_for_event() {
  for (auto end = m_body.find("\n\n", m_looked); end != std::string::npos; end = m_body.find("\n\n", m_looked)) {
    const auto data = m_body.find("data: ", m_looked);
    std::string message = data < end ? m_body.substr(data + 6, end - data - 6) : "";
    m_looked = end + 2;
    if (m_found || !is_answer(message, m_id)) continue;
    m_found = true;
    answered(std::move(message));
  }
}

bool HttpLine::take() {
  char block[64 << 10];
  const auto got = ::recv(m_fd, block, sizeof block, 0);
  if (got <= 0) give_up("the server hung up");
  m_held.append(block, static_cast<std::size_t>(got));
  if (!m_head && !read_head()) return false;
  if (m_chunked) {
    read_chunks();
  } else {
    m_body += m_held;
    m_held.clear();
    m_ended = m_body.size() >= m_length;
  }
  if (m_events) look_for_event();
  if (!m_ended || m_id.empty()) return m_ended;
  if (!m_events) {
    if (!is_answer(m_body, m_id)) give_up("no answer: " + m_body.substr(0, 500));
    answered(m_body);
  } else if (!m_found) {
    give_up("its events end without an answer");
  }
  return true;
}

}  // namespace bench
