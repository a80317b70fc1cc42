// Server-sent events as lines: an event's data, with its name before it if it has one.
#pragma once

#include <ostream>
#include <string>
#include <string_view>

#include "command/event_reader.hpp"

namespace berth::command {

class EventPrinter {
 public:
  explicit EventPrinter(std::ostream& out, std::size_t longest = 1u << 30) : m_out(out), m_reader(longest) {}

  bool take(std::string_view bytes);                        // false: there is a problem, or nobody reads any more
  const std::string& problem() const { return m_problem; }  // the JSON that ended the stream, or empty

 private:
  void show(const ServerEvent& event);

  std::ostream& m_out;
  EventReader m_reader;
  std::string m_problem;
};

}  // namespace berth::command
