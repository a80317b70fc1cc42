// Start tags: scanned whole, then their namespaces are declared, then their names are known.
#include <algorithm>
#include <utility>

#include "xml_reader.hpp"
#include "xml_text.hpp"

namespace ooxml {

void XmlReader::start_tag() {
  if (m_open.empty() && m_rooted) fail("not-well-formed", "a second root");
  if (m_open.size() >= m_limits.depth) {
    fail("depth-limit", "more than " + std::to_string(m_limits.depth) + " elements, one inside the other");
  }
  bool empty = false;
  const char* at = m_at;
  while (!scan_tag(at, empty)) {
    if (static_cast<std::size_t>(m_input.end() - m_at) > m_limits.attribute_bytes) {
      fail("limit-exceeded", "a tag of more than " + std::to_string(m_limits.attribute_bytes) + " bytes");
    }
    bool more = m_input.more(m_at);
    at = m_at = m_input.begin();
    if (!more) unfinished();
  }
  Open& open = m_open.emplace_back();
  open.written = m_tag;
  open.mark = m_spaces.mark();
  open.start.line = m_input.line(m_at);
  open.start.offset = m_input.offset(m_at);
  if (m_declares) declare();
  resolve(open);
  m_at = at;
  m_rooted = true;
  m_handler.start(open.start);
  open.start.attributes = {};
  if (empty) close();
}

WrittenName* XmlReader::name_at(const char* first, const char* last) {
  auto size = static_cast<std::size_t>(last - first);
  if (size > m_limits.name_bytes) fail("limit-exceeded", "a name is too long");
  try {
    WrittenName* name = m_names.find({first, size});
    if (name == nullptr) fail("limit-exceeded", "too many different names");
    return name;
  } catch (const NoName&) {
    fail("not-well-formed", "\"" + std::string(first, size) + "\" is no name");
  }
}

// From "<" to behind ">". False: the tag is not all there yet.
bool XmlReader::scan_tag(const char*& at, bool& empty) {
  const char* first = ++at;
  while (is(*at, characters::in_name)) ++at;
  if (at >= m_input.end()) return false;
  m_tag = name_at(first, at);
  ++m_tags;
  m_found.clear();
  m_copies.clear();
  m_declares = false;
  m_prefixed = 0;
  for (;;) {
    const char* before = at;
    while (is(*at, characters::blank)) ++at;
    if (*at == '>') {
      ++at;
      empty = false;
      return true;
    }
    if (*at == '/') {
      if (at[1] == '>') {
        at += 2;
        empty = true;
        return true;
      }
      if (at + 1 >= m_input.end()) return false;
    }
    if (at >= m_input.end()) return false;
    if (at == before) fail("not-well-formed", "white space is missing in the tag of " + m_tag->text);
    if (!scan_attribute(at)) return false;
  }
}

bool XmlReader::scan_attribute(const char*& at) {
  const char* first = at;
  while (is(*at, characters::in_name)) ++at;
  if (at >= m_input.end()) return false;
  if (at == first) fail("not-well-formed", "no attribute where one should be, in the tag of " + m_tag->text);
  Found& found = m_found.emplace_back();
  found.name = name_at(first, at);
  while (is(*at, characters::blank)) ++at;
  if (*at != '=') {
    if (at >= m_input.end()) return false;
    fail("not-well-formed", "the attribute " + found.name->text + " has no value");
  }
  ++at;
  while (is(*at, characters::blank)) ++at;
  if (!scan_value(at, found)) return false;
  if (found.name->seen == m_tags) fail("not-well-formed", "the attribute " + found.name->text + " stands there twice");
  found.name->seen = m_tags;
  if (m_found.size() > m_limits.attributes) fail("limit-exceeded", "too many attributes");
  m_declares |= found.name->declares;
  m_prefixed += found.name->space != 0;
  return true;
}

bool XmlReader::scan_value(const char*& at, Found& found) {
  const char quote = *at;
  if (quote != '"' && quote != '\'') {
    if (at >= m_input.end()) return false;
    fail("not-well-formed", "the value of " + found.name->text + " has no quotes");
  }
  const char* begun = ++at;
  for (;;) {
    while (!is(*at, characters::stops_value)) ++at;
    if (*at == quote) break;
    if (at >= m_input.end()) return false;
    if (*at == '"' || *at == '\'') {
      ++at;
      continue;
    }
    if (found.copied == std::string::npos) found.copied = m_copies.size();
    m_copies.append(begun, at);
    if (!scan_odd(at, m_copies)) return false;
    begun = at;
  }
  if (found.copied == std::string::npos) {
    found.value = {begun, static_cast<std::size_t>(at - begun)};
  } else {
    m_copies.append(begun, at);
    found.value = {begun, m_copies.size() - found.copied};  // its place is known when all have been copied
  }
  ++at;
  return true;
}

// What does not stand in a value as it is written.
bool XmlReader::scan_odd(const char*& at, std::string& copy) {
  if (*at == '<') fail("not-well-formed", "\"<\" in the value of an attribute");
  if (*at != '&') {
    if (*at == '\r') {
      if (at + 1 >= m_input.end()) return false;
      if (at[1] == '\n') ++at;
    }
    copy.push_back(' ');
    ++at;
    return true;
  }
  const char* first = ++at;
  while (is(*at, characters::in_name) || *at == '#') ++at;
  if (at >= m_input.end()) return false;
  if (*at != ';' || !append_reference(copy, {first, static_cast<std::size_t>(at - first)})) {
    fail("bad-reference", "\"&\" that begins no reference XML knows");
  }
  ++at;
  return true;
}

void XmlReader::declare() {
  for (Found& found : m_found) {
    if (found.copied != std::string::npos)
      found.value = std::string_view(m_copies).substr(found.copied, found.value.size());
    if (found.name->declares) declare_one(found);
  }
}

void XmlReader::declare_one(const Found& found) {
  std::string_view prefix = found.name->prefix.empty() ? std::string_view() : found.name->local;
  constexpr std::string_view xml = "http://www.w3.org/XML/1998/namespace", xmlns = "http://www.w3.org/2000/xmlns/";
  bool right = prefix == "xml" ? found.value == xml : prefix != "xmlns" && found.value != xml && found.value != xmlns;
  if (!right || (!prefix.empty() && found.value.empty())) {
    fail("bad-namespace", "the declaration " + found.name->text + " is not allowed");
  }
  std::size_t number = m_spaces.number(prefix);
  if (number == SIZE_MAX || !m_spaces.declare(number, found.value)) fail("limit-exceeded", "too many namespaces");
}

void XmlReader::resolve(Open& open) {
  Start& start = open.start;
  const WrittenName& written = *open.written;
  const Spaces::Bound& bound = m_spaces.of(written.space);
  if (bound.address.data() == nullptr) {
    fail("unbound-prefix", "the prefix of " + written.text + " is not declared");
  }
  start.name = {bound.space, written.id};
  start.space = bound.address;
  start.prefix = written.prefix;
  start.local = written.local;
  start.depth = m_open.size();
  start.number = written.number;
  start.declares = m_declares;
  start.spaces = &m_spaces;
  m_attributes.clear();
  for (const Found& found : m_found) {
    const WrittenName& name = *found.name;
    if (name.declares) continue;
    Attribute& attribute = m_attributes.emplace_back();
    attribute.local = name.local;
    attribute.name = {space_none, name.id};
    attribute.value = found.copied == std::string::npos
                          ? found.value
                          : std::string_view(m_copies).substr(found.copied, found.value.size());
    if (name.space == 0) continue;
    const Spaces::Bound& its = m_spaces.of(name.space);
    if (its.address.data() == nullptr) fail("unbound-prefix", "the prefix of " + name.text + " is not declared");
    attribute.name.space = its.space;
    attribute.space = its.address;
    attribute.prefix = name.prefix;
  }
  if (m_prefixed > 1) check_unique();
  start.attributes = m_attributes;
}

// Two prefixes may stand for one space.
void XmlReader::check_unique() {
  std::vector<std::pair<std::string_view, std::string_view>> names;
  for (const Attribute& attribute : m_attributes) {
    if (!attribute.prefix.empty()) names.emplace_back(attribute.space, attribute.local);
  }
  std::sort(names.begin(), names.end());
  auto twice = std::adjacent_find(names.begin(), names.end());
  if (twice != names.end()) {
    fail("not-well-formed", "the attribute " + std::string(twice->second) + " stands there twice, by two prefixes");
  }
}

}  // namespace ooxml
