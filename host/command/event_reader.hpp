// Server-sent events out of the bytes of their stream, however these are cut on their way.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace berth::command {

struct ServerEvent {
  std::string name, id;
  std::optional<std::string> data;
  std::optional<std::chrono::milliseconds> retry;
};

class EventReader {
 public:
  explicit EventReader(std::size_t longest) : m_longest(longest) {}

  // Hands out each event that has any field. False: one is longer than that, and nothing more is read.
  using Take = std::function<void(ServerEvent)>;
  bool add(std::string_view bytes, const Take& take);

 private:
  void line(std::string_view text, const Take& take);
  void field(std::string_view name, std::string_view value);

  const std::size_t m_longest;
  ServerEvent m_event;
  std::string m_line;
  std::size_t m_size = 0;  // of the event so far
  bool m_any = false, m_after_cr = false, m_too_long = false;
};

}  // namespace berth::command
