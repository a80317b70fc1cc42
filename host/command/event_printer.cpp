// Comments, ids and the host's own events are left out.
#include "command/event_printer.hpp"

namespace berth::command {

bool EventPrinter::take(std::string_view bytes) {
  if (m_reader.add(bytes, [this](const ServerEvent& one) { show(one); })) return bool(m_out);
  m_problem = R"({"detail":"the host said an event that is too long to be read"})";
  return false;
}

void EventPrinter::show(const ServerEvent& event) {
  const auto data = event.data.value_or("");
  if (event.name == "berth.problem") m_problem = data;
  if (event.name.starts_with("berth.") || (event.name.empty() && !event.data)) return;
  m_out << event.name << (event.name.empty() || !event.data ? "" : " ") << data << std::endl;
}

}  // namespace berth::command
