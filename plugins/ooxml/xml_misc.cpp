// What stands in XML beside elements and text: its declaration, comments, instructions, CDATA.
#include <algorithm>
#include <cctype>

#include "xml_reader.hpp"
#include "xml_text.hpp"

namespace ooxml {

namespace {

bool same(std::string_view text, std::string_view lower) {
  return std::equal(text.begin(), text.end(), lower.begin(), lower.end(),
                    [](char a, char b) { return std::tolower(static_cast<unsigned char>(a)) == b; });
}

}  // namespace

// <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
void XmlReader::declaration() {
  constexpr std::size_t longest = 1024;
  have(longest);
  std::string_view ahead(m_at, std::min<std::size_t>(longest, static_cast<std::size_t>(m_input.end() - m_at)));
  std::size_t end = ahead.find("?>");
  if (end == ahead.npos) fail("not-well-formed", "the XML declaration has no end");
  std::string_view text = ahead.substr(5, end - 5);
  constexpr std::string_view words[] = {"version", "encoding", "standalone"};
  std::string_view values[3];
  std::size_t next = 0;
  auto blanks = [&text] {
    std::size_t before = text.size();
    while (!text.empty() && is(text[0], characters::blank)) text.remove_prefix(1);
    return text.size() != before;
  };
  while (blanks(), !text.empty()) {
    while (next < 3 && text.substr(0, words[next].size()) != words[next]) ++next;
    if (next == 3) fail("not-well-formed", "the XML declaration is not as it should be");
    text.remove_prefix(words[next].size());
    blanks();
    if (text.empty() || text[0] != '=') fail("not-well-formed", "the XML declaration is not as it should be");
    text.remove_prefix(1);
    blanks();
    std::size_t close = text.size() < 2 ? text.npos : text.find(text[0], 1);
    if (close == text.npos || (text[0] != '"' && text[0] != '\'')) {
      fail("not-well-formed", "the XML declaration is not as it should be");
    }
    values[next++] = text.substr(1, close - 1);
    text.remove_prefix(close + 1);
    if (!text.empty() && !is(text[0], characters::blank)) {
      fail("not-well-formed", "the XML declaration is not as it should be");
    }
  }
  if (values[0] != "1.0") fail("not-well-formed", "the version of XML must be 1.0");
  bool narrow = same(values[1], "utf-8") || same(values[1], "us-ascii") || same(values[1], "ascii");
  bool wide = values[1].size() >= 6 && same(values[1].substr(0, 6), "utf-16");
  if (!values[1].empty() && (m_input.wide() ? !wide : !narrow)) {
    fail("bad-encoding",
         "the text says that it is " + std::string(values[1]) + ": it must be UTF-8 or UTF-16, and say so");
  }
  m_at += end + 2;
}

void XmlReader::instruction() {
  m_at += 2;
  have(4);
  if (!starts_name(*m_at) || (same({m_at, 3}, "xml") && !is(m_at[3], characters::in_name))) {
    fail("not-well-formed", "a processing instruction of a name that is not allowed");
  }
  for (;;) {
    while (*m_at != '?' && m_at < m_input.end()) ++m_at;
    if (!have(2)) unfinished();
    if (m_at[0] == '?' && m_at[1] == '>') break;
    ++m_at;
  }
  m_at += 2;
}

void XmlReader::comment() {
  m_at += 4;
  for (;;) {
    while (*m_at != '-' && m_at < m_input.end()) ++m_at;
    if (!have(3)) unfinished();
    if (m_at[0] == '-' && m_at[1] == '-') break;
    ++m_at;
  }
  if (m_at[2] != '>') fail("not-well-formed", "\"--\" in a comment");
  m_at += 3;
}

void XmlReader::cdata() {
  if (m_open.empty()) fail("not-well-formed", "CDATA outside of all elements");
  m_at += 9;
  for (;;) {
    const char* begun = m_at;
    while (*m_at != ']' && *m_at != '\r' && m_at < m_input.end()) ++m_at;
    tell(begun, m_at);
    if (!have(1)) unfinished();
    if (*m_at == '\r') {
      odd_text();
      continue;
    }
    if (*m_at != ']') continue;
    if (!have(3)) unfinished();
    if (m_at[1] == ']' && m_at[2] == '>') break;
    tell(m_at, m_at + 1);
    ++m_at;
  }
  m_at += 3;
}

}  // namespace ooxml
