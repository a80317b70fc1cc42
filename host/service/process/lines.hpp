// Output cut into lines; one that does not end is cut all the same.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace berth::service {

class Lines {
 public:
  explicit Lines(std::function<void(std::string_view)> line) : m_line(std::move(line)) {}
  void add(std::string_view piece) {
    for (const char c : piece) {
      if (c != '\n') m_text += c;
      if (c == '\n' || m_text.size() >= longest) end();
    }
  }
  void end() {
    if (!m_text.empty()) m_line(m_text);
    m_text.clear();
  }

 private:
  static constexpr std::size_t longest = 4u << 10;
  std::function<void(std::string_view)> m_line;
  std::string m_text;
};

}  // namespace berth::service
