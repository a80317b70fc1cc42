// XML read from front to back: tags, text and what stands between them.
#include "xml_reader.hpp"

#include <algorithm>

#include "xml_text.hpp"

namespace ooxml {

std::string_view Start::value(Name attribute) const {
  for (const Attribute& one : attributes) {
    if (one.name == attribute) return one.value;
  }
  return {};
}

void read_xml(Source& source, Handler& handler, const XmlLimits& limits, const Tables& tables) {
  XmlReader reader(source, handler, limits, tables);
  try {
    reader.run();
  } catch (...) {
    handler.broken();
    throw;
  }
}

XmlReader::XmlReader(Source& source, Handler& handler, const XmlLimits& limits, const Tables& tables)
    : m_input(source),
      m_handler(handler),
      m_limits(limits),
      m_spaces(tables, limits.spaces),
      m_names(tables, m_spaces, limits.names) {
  m_open.reserve(std::min<std::size_t>(limits.depth, 256) + 1);
}

void XmlReader::fail(const char* code, const std::string& message) {
  throw Malformed(code, message, m_input.line(m_at));
}

void XmlReader::unfinished() { fail("not-well-formed", "the text ends where more must follow"); }

// At least `count` bytes from `m_at` on, or none: the text ends before.
bool XmlReader::have(std::size_t count) {
  while (static_cast<std::size_t>(m_input.end() - m_at) < count) {
    bool more = m_input.more(m_at);
    m_at = m_input.begin();
    if (!more) return false;
  }
  return true;
}

void XmlReader::run() {
  m_at = m_input.begin();
  if (have(3) && std::string_view(m_at, 3) == "\xEF\xBB\xBF") m_at += 3;
  if (have(6) && std::string_view(m_at, 5) == "<?xml" && is(m_at[5], characters::blank)) declaration();
  while (text()) markup();
  if (!m_open.empty()) fail("not-well-formed", "the text ends before the end of " + m_open.back().written->text);
  if (!m_rooted) fail("not-well-formed", "there is no element");
}

void XmlReader::tell(const char* first, const char* last) {
  if (first == last) return;
  if (!m_open.empty()) return m_handler.text({first, static_cast<std::size_t>(last - first)});
  if (std::all_of(first, last, [](char c) { return is(c, characters::blank); })) return;
  m_at = first;
  fail("not-well-formed", m_rooted ? "text after the last element" : "text before the first element");
}

// Text up to the next "<", which is told piece by piece. False: the end of all.
bool XmlReader::text() {
  const char* begun = m_at;
  const char* at = m_at;
  for (;;) {
    while (!is(*at, characters::stops_text)) ++at;
    switch (*at) {
      case '<':
        tell(begun, at);
        m_at = at;
        return true;
      case ']':
        if (at[1] != ']' && at + 1 < m_input.end()) {
          ++at;
          continue;
        }
        break;
      default: break;
    }
    tell(begun, at);
    m_at = at;
    if (!odd_text()) return false;
    begun = at = m_at;
  }
}

// One step beyond what stops a text and does not end it. False: the end of all.
bool XmlReader::odd_text() {
  if (!have(1)) return false;
  switch (*m_at) {
    case '&': reference(); break;
    case '\r':
      m_at += have(2) && m_at[1] == '\n' ? 2 : 1;
      if (!m_open.empty()) m_handler.text("\n");
      break;
    case ']':
      if (have(3) && std::string_view(m_at, 3) == "]]>") fail("not-well-formed", "\"]]>\" in a text");
      tell(m_at, m_at + 1);
      ++m_at;
      break;
    default: break;  // more text has come
  }
  return true;
}

void XmlReader::reference() {
  constexpr std::size_t longest = 64;
  have(longest);
  std::string_view ahead(m_at, std::min<std::size_t>(longest, static_cast<std::size_t>(m_input.end() - m_at)));
  std::size_t end = ahead.find(';');
  m_scratch.clear();
  if (end == ahead.npos || !append_reference(m_scratch, ahead.substr(1, end - 1))) {
    fail("bad-reference", "\"&\" that begins no reference XML knows");
  }
  if (m_open.empty()) fail("not-well-formed", "a reference outside of all elements");
  m_at += end + 1;
  m_handler.text(m_scratch);
}

// At a "<".
void XmlReader::markup() {
  char next = m_at[1];
  if (next == '/') return end_tag();
  if (starts_name(next)) return start_tag();
  if (!have(2)) unfinished();
  if (starts_name(m_at[1]) || m_at[1] == '/') return markup();
  if (m_at[1] == '?') return instruction();
  if (m_at[1] != '!') fail("not-well-formed", "\"<\" that begins no tag");
  have(9);
  std::string_view ahead(m_at, std::min<std::size_t>(9, static_cast<std::size_t>(m_input.end() - m_at)));
  if (ahead.substr(0, 4) == "<!--") return comment();
  if (ahead == "<![CDATA[") return cdata();
  if (ahead == "<!DOCTYPE") fail("dtd", "a document type, which no part may have");
  fail("not-well-formed", "\"<!\" that begins neither a comment nor CDATA");
}

void XmlReader::end_tag() {
  if (m_open.empty()) fail("not-well-formed", "an end tag without a start");
  Open& open = m_open.back();
  const std::string& name = open.written->text;
  std::size_t size = name.size() + 2;
  if (!have(size + 1)) unfinished();
  if (name.compare(0, name.npos, m_at + 2, name.size()) != 0 || is(m_at[size], characters::in_name)) {
    fail("not-well-formed", "the end tag is not that of " + name);
  }
  m_at += size;
  while (*m_at != '>') {
    if (!have(1)) unfinished();
    if (*m_at == '>') break;
    if (!is(*m_at, characters::blank)) fail("not-well-formed", "an end tag has nothing but its name");
    ++m_at;
  }
  ++m_at;
  close();
}

void XmlReader::close() {
  Open& open = m_open.back();
  m_handler.end(open.start);
  m_spaces.back_to(open.mark);
  m_open.pop_back();
}

}  // namespace ooxml
