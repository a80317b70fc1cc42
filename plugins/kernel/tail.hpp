// The last of what a program printed, for whoever has to say why it ended.
#pragma once

#include <berth/output.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace kernel {

class Tail {
 public:
  void add(std::string_view bytes) {
    m_bytes += bytes;
    if (m_bytes.size() > most) m_bytes.erase(0, m_bytes.size() - most);
  }
  std::string text() const { return berth::clean(std::string_view(m_bytes).substr(berth::first_whole(m_bytes))); }
  // Behind a sentence.
  std::string words() const { return m_bytes.empty() ? "" : "; the last of what it printed: " + text(); }

 private:
  static constexpr std::size_t most = 4096;
  std::string m_bytes;
};

}  // namespace kernel
