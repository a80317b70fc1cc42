// What a start tag says: its attributes one after the other, and whose names they are.
#pragma once

#include "edit/tree.hpp"

namespace docx {

Space space_named(std::string_view address);

inline bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

// The attributes of a start tag, one after the other.
class Attributes {
 public:
  Attributes(std::string_view text, const Node& node) : m_text(text), m_at(node.begin + 1), m_end(node.open_end) {
    while (m_at < m_end && !is_blank(m_text[m_at]) && m_text[m_at] != '>' && m_text[m_at] != '/') ++m_at;
  }
  struct One {
    std::string_view prefix, local;
    Tree::Range value;
  };
  bool next(One& one) {
    while (m_at < m_end && is_blank(m_text[m_at])) ++m_at;
    if (m_at >= m_end || m_text[m_at] == '>' || m_text[m_at] == '/') return false;
    const std::size_t begin = m_at;
    while (m_at < m_end && m_text[m_at] != '=' && !is_blank(m_text[m_at])) ++m_at;
    const auto name = m_text.substr(begin, m_at - begin);
    const auto colon = name.find(':');
    one.prefix = colon == std::string_view::npos ? std::string_view() : name.substr(0, colon);
    one.local = colon == std::string_view::npos ? name : name.substr(colon + 1);
    while (m_at < m_end && m_text[m_at] != '"' && m_text[m_at] != '\'') ++m_at;
    if (m_at >= m_end) return false;
    const auto close = m_text.find(m_text[m_at], m_at + 1);
    if (close == std::string_view::npos || close >= m_end) return false;
    one.value = {m_at + 1, close};
    m_at = close + 1;
    return true;
  }

 private:
  std::string_view m_text;
  std::size_t m_at, m_end;
};

}  // namespace docx
