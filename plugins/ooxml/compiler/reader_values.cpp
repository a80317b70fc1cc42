// Values and attributes, in a line of a grammar.
#include <algorithm>
#include <map>

#include "reader.hpp"

namespace ooxml::compiler {

namespace {

struct Whole {
  std::uint8_t width;
  bool sign;
};

const std::map<std::string, Whole>& wholes() {
  static const std::map<std::string, Whole> all = {
      {"int", {32, true}},   {"uint", {32, false}},   {"byte", {8, true}},  {"ubyte", {8, false}},
      {"short", {16, true}}, {"ushort", {16, false}}, {"long", {64, true}}, {"ulong", {64, false}}};
  return all;
}

const std::map<std::string, ValueKind>& kinds() {
  static const std::map<std::string, ValueKind> all = {
      {"string", ValueKind::string},     {"token", ValueKind::token},    {"bool", ValueKind::boolean},
      {"onoff", ValueKind::onoff},       {"decimal", ValueKind::number}, {"double", ValueKind::number},
      {"hex", ValueKind::hex},           {"hexbinary", ValueKind::hex},  {"base64", ValueKind::base64},
      {"datetime", ValueKind::datetime}, {"guid", ValueKind::guid},      {"uri", ValueKind::uri},
      {"language", ValueKind::language}, {"ncname", ValueKind::ncname},  {"universal", ValueKind::universal},
      {"percent", ValueKind::percent},   {"cell", ValueKind::cell},      {"range", ValueKind::range},
      {"ranges", ValueKind::ranges},     {"rid", ValueKind::rid}};
  return all;
}

}  // namespace

ValueUse LineReader::value() {
  ValueUse first = one_value();
  if (cursor.peek() != '|') return first;
  ValueUse all{.kind = ValueKind::one_of, .place = m_place};
  all.members.push_back(std::move(first));
  while (cursor.accept('|')) all.members.push_back(one_value());
  return all;
}

ValueUse LineReader::one_value() {
  ValueUse found{.place = m_place};
  std::string word = cursor.word("a value");
  if (word == "list") {
    found.kind = ValueKind::list;
    found.members.push_back(one_value());
  } else if (word == "pattern") {
    found.kind = ValueKind::pattern;
    found.pattern = cursor.quoted() ? cursor.written() : cursor.rest();
    if (found.pattern.empty()) throw Wrong{"a pattern of nothing"};
  } else if (builtin(word, found)) {
    bounds(found);
    if (word == "hexbinary" && found.bounded) {
      found.from *= 2;
      found.to *= 2;
    }
  } else {
    found.named = word;
  }
  return found;
}

bool LineReader::builtin(const std::string& word, ValueUse& value) {
  auto whole = wholes().find(word);
  if (whole != wholes().end()) {
    value.kind = ValueKind::integer;
    value.width = whole->second.width;
    value.sign = whole->second.sign;
    int bits = value.width - (value.sign ? 1 : 0);
    value.to = bits >= 63 ? INT64_MAX : (std::int64_t{1} << bits) - 1;
    value.from = value.sign ? -value.to - 1 : 0;
    return true;
  }
  auto kind = kinds().find(word);
  if (kind == kinds().end()) return false;
  value.kind = kind->second;
  return true;
}

// "{1,31}" and "(1..4)".
void LineReader::bounds(ValueUse& value) {
  bool whole = value.kind == ValueKind::integer || value.kind == ValueKind::number;
  if (!whole) {
    if (!cursor.accept_here('{')) return;
    value.bounded = true;
    value.from = cursor.peek() == ',' ? 0 : count("the length");
    value.to = value.from;
    if (cursor.accept(',')) value.to = cursor.peek() == '}' ? INT64_MAX / 2 : count("the length");
    cursor.expect('}');
    return;
  }
  if (cursor.accept_here('(')) {
    range(value);
    cursor.expect(')');
    return;
  }
  char next = cursor.peek();
  if (next == '-' || (next >= '0' && next <= '9')) range(value);
}

void LineReader::range(ValueUse& value) {
  auto dots = [this] {
    if (!cursor.accept_here('.') || !cursor.accept_here('.')) throw Wrong{"a range is written \"1..4\""};
  };
  std::string from = cursor.number();
  dots();
  std::string to = cursor.number();
  value.bounded = true;
  if (value.kind == ValueKind::number) {
    value.low = from.empty() ? -1e308 : std::stod(from);
    value.high = to.empty() ? 1e308 : std::stod(to);
    if (value.low > value.high) throw Wrong{"a range that nothing is in"};
    return;
  }
  try {
    if (!from.empty()) value.from = std::stoll(from);
    if (!to.empty()) value.to = std::stoll(to);
  } catch (const std::exception&) {
    throw Wrong{"a range of no numbers"};
  }
  if (value.from > value.to) throw Wrong{"a range that nothing is in"};
}

std::vector<AttributeUse> LineReader::attributes() {
  std::vector<AttributeUse> found;
  while (cursor.accept('@')) found.push_back(attribute());
  return found;
}

AttributeUse LineReader::attribute() {
  AttributeUse found{.place = m_place};
  if (cursor.accept_here('%')) {
    found.group = cursor.word("a name of attributes");
    return found;
  }
  std::string name = cursor.word("an attribute");
  found.name = {use, name, true};
  found.required = cursor.accept_here('!');
  cursor.expect(':');
  if (!found.required) {
    // "@r:id!:string" or "@id:string": a second name has a colon or a mark behind it.
    std::string second = cursor.ahead();
    Cursor after = cursor;
    if (!second.empty()) after.word("a name");
    if (after.here() == ':' || after.here() == '!') {
      cursor = after;
      found.name = {name, second, false};
      found.required = cursor.accept_here('!');
      cursor.expect(':');
    }
  }
  found.value = value();
  found.gate = gate();
  return found;
}

}  // namespace ooxml::compiler
