// Server-sent events as lines: an event's data, with its name before it if it has one.
#pragma once

#include <ostream>
#include <string>
#include <string_view>

namespace berth::command {

class EventPrinter {
 public:
  explicit EventPrinter(std::ostream& out) : m_out(out) {}

  bool take(std::string_view bytes);                        // false: nobody reads the lines any more
  const std::string& problem() const { return m_problem; }  // the JSON that ended the stream, or empty

 private:
  void show(std::string_view event);

  std::ostream& m_out;
  std::string m_text, m_problem;
};

}  // namespace berth::command
