// A reader of small parts: it keeps the text of the element that is open, and tells of each at its end.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "package.hpp"
#include "xml.hpp"

namespace xlsx {

inline constexpr std::size_t most_text = 64u << 10;  // of one element's; what is longer is cut

class Gather : public ooxml::Handler {
 public:
  void start(const ooxml::Start& element) final {
    m_text.clear();
    begun(element);
  }
  void text(std::string_view text) final {
    if (m_text.size() < most_text) m_text.append(text.substr(0, most_text - m_text.size()));
  }
  void end(const ooxml::Start& element) final {
    ended(element, m_text);
    m_text.clear();
  }

 protected:
  virtual void begun(const ooxml::Start& element) = 0;
  virtual void ended(const ooxml::Start&, const std::string&) {}  // with its text behind its last child

 private:
  std::string m_text;
};

// So much of a text as is told, whole characters.
std::string clipped(std::string_view text, std::size_t most = 1000);

// Of an attribute or a text; what is none is `otherwise`.
std::size_t number_of(std::string_view text, std::size_t otherwise = 0);
bool truth_of(std::string_view text, bool otherwise = false);

// The part that a relationship of a type leads to; null: there is none.
const ooxml::Part* related(const ooxml::Package& package, const ooxml::Part& from, std::string_view type);

}  // namespace xlsx
