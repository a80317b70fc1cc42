// Comments, ids and the host's own events are left out.
#include "command/event_printer.hpp"

namespace berth::command {

bool EventPrinter::take(std::string_view bytes) {
  m_text += bytes;
  std::size_t begin = 0;
  for (auto end = m_text.find("\n\n"); end != std::string::npos; end = m_text.find("\n\n", begin)) {
    show(std::string_view(m_text).substr(begin, end - begin));
    begin = end + 2;
  }
  m_text.erase(0, begin);
  return bool(m_out);
}

void EventPrinter::show(std::string_view event) {
  std::string name, data;
  bool has_data = false;
  while (!event.empty()) {
    const auto end = event.find('\n');
    const std::string_view line = event.substr(0, end);
    event.remove_prefix(end == std::string_view::npos ? event.size() : end + 1);
    if (line.starts_with("event: ")) name = line.substr(7);
    if (!line.starts_with("data: ")) continue;
    data += has_data ? "\n" : "";
    data += line.substr(6);
    has_data = true;
  }
  if (name == "berth.problem") m_problem = data;
  if (name.starts_with("berth.") || (name.empty() && !has_data)) return;
  m_out << name << (name.empty() || !has_data ? "" : " ") << data << std::endl;
}

}  // namespace berth::command
