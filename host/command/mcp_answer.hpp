// What comes back for one request: one message as JSON, or several as events. Each is handed out as a line.
#pragma once

#include <chrono>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "command/client.hpp"
#include "command/event_reader.hpp"

namespace berth::command {

class McpAnswer {
 public:
  // A line, and whether it answers the request; that comes once at most.
  using Put = std::function<void(const std::string&, bool)>;
  // Of the request with that id; null: of none, but of the stream for what the host has to say by itself. Without
  // `put` nothing is handed out.
  McpAnswer(nlohmann::json id, Put put) : m_id(std::move(id)), m_put(std::move(put)) {}

  void begin(const Client::Answer& head);
  bool take(std::string_view bytes);          // of a body below 400; false: it is too long
  void finish(const Client::Answer& answer);  // its body was all

  bool answered() const { return m_answered; }
  bool too_long() const { return m_too_long; }
  const std::string& last_event() const { return m_last_event; }
  std::chrono::milliseconds retry() const { return m_retry; }
  const std::string& session() const { return m_session; }  // that the host has opened
  const std::string& version() const { return m_version; }  // that an answer to `initialize` agrees to

 private:
  void event(const ServerEvent& event);
  void message(const std::string& text);
  void put(const std::string& line, bool answers = false) const;
  bool answers(const nlohmann::json& message) const;

  const nlohmann::json m_id;
  const Put m_put;
  bool m_events = false, m_answered = false, m_too_long = false;
  std::optional<EventReader> m_reader;
  std::string m_body, m_last_event, m_session, m_version;
  std::chrono::milliseconds m_retry{1000};
};

}  // namespace berth::command
