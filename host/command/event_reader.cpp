// As WHATWG's HTML says it. Bounded, whatever comes.
#include "command/event_reader.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace berth::command {

namespace {
constexpr std::chrono::milliseconds longest_retry{60'000};
}

bool EventReader::add(std::string_view bytes, const Take& take) {
  while (!bytes.empty() && !m_too_long) {
    if (std::exchange(m_after_cr, false) && bytes.front() == '\n') {
      bytes.remove_prefix(1);
      continue;
    }
    const auto end = bytes.find_first_of("\r\n");
    const auto part = bytes.substr(0, end);
    m_size += part.size();
    m_too_long = m_size > m_longest;
    if (m_too_long) break;
    m_line += part;
    if (end == std::string_view::npos) break;
    m_after_cr = bytes[end] == '\r';
    bytes.remove_prefix(end + 1);
    line(std::exchange(m_line, {}), take);
  }
  return !m_too_long;
}

void EventReader::line(std::string_view text, const Take& take) {
  if (text.empty()) {
    m_size = 0;
    auto event = std::exchange(m_event, {});
    if (std::exchange(m_any, false)) take(std::move(event));
    return;
  }
  const auto colon = std::min(text.find(':'), text.size());
  auto value = text.substr(std::min(colon + 1, text.size()));
  if (value.starts_with(' ')) value.remove_prefix(1);
  if (colon == 0)
    m_size -= text.size();  // a comment, of which nothing stays
  else
    field(text.substr(0, colon), value);
}

void EventReader::field(std::string_view name, std::string_view value) {
  m_any = true;
  if (name == "event") m_event.name = value;
  if (name == "id") m_event.id = value;
  if (name == "data") {
    if (m_event.data)
      *m_event.data += '\n';
    else
      m_event.data.emplace();
    *m_event.data += value;
  }
  if (name != "retry") return;
  long long time = 0;
  const auto [end, failed] = std::from_chars(value.data(), value.data() + value.size(), time);
  if (failed == std::errc() && end == value.data() + value.size() && time >= 0)
    m_event.retry = std::min<std::chrono::milliseconds>(std::chrono::milliseconds(time), longest_retry);
}

}  // namespace berth::command
