// What a value should have been, in words.
#include <string>

#include "value.hpp"

namespace ooxml {

namespace {

constexpr std::size_t most_words = 40;

std::string digits(double value) {
  std::string text = std::to_string(value);
  text.erase(text.find_last_not_of('0') + 1);
  if (!text.empty() && text.back() == '.') text.pop_back();
  return text;
}

std::string words(const Tables& tables, const ValueRow& row, const Era& era) {
  std::string made;
  std::size_t count = 0;
  for (const WordRow& one : tables.words.subspan(row.first, row.count)) {
    if (!era.open(one.since, one.edition)) continue;
    if (++count > most_words) return made + ", …";
    made += (made.empty() ? "" : ", ") + (one.word.empty() ? std::string("\"\"") : std::string(one.word));
  }
  return "one of " + made;
}

std::string length(const ValueRow& row, const std::string& of) {
  if (!row.bounded) return of;
  if (row.from == row.to) return of + " of " + std::to_string(row.from) + " characters";
  bool open = row.to >= INT64_MAX / 2;
  return of +
         (open ? " of at least " + std::to_string(row.from)
               : " of " + std::to_string(row.from) + " to " + std::to_string(row.to)) +
         " characters";
}

std::string number(const ValueRow& row) {
  bool below = row.bounded && row.low > -1e308, above = row.bounded && row.high < 1e308;
  if (below && above) return "a number from " + digits(row.low) + " to " + digits(row.high);
  if (below) return "a number of at least " + digits(row.low);
  return above ? "a number of at most " + digits(row.high) : "a number";
}

std::string integer(const ValueRow& row) {
  if (row.to == INT64_MAX) return "a whole number of at least " + std::to_string(row.from);
  return "a whole number from " + std::to_string(row.from) + " to " + std::to_string(row.to);
}

}  // namespace

std::string expected_of(const Tables& tables, std::uint16_t value, const Era& era) {
  if (value == no_value) return "";
  const ValueRow& row = tables.values[value];
  switch (row.kind) {
    case ValueKind::string:
    case ValueKind::token: return length(row, "a text");
    case ValueKind::boolean: return "true, false, 1 or 0";
    case ValueKind::onoff: return "true, false, 1, 0, on or off";
    case ValueKind::integer: return integer(row);
    case ValueKind::number: return number(row);
    case ValueKind::hex: return row.bounded ? length(row, "hexadecimal digits") : "an even count of hexadecimal digits";
    case ValueKind::base64: return "base64";
    case ValueKind::datetime: return "a date and time such as 2024-01-31T12:00:00Z";
    case ValueKind::guid: return "a GUID in braces";
    case ValueKind::uri: return "an address";
    case ValueKind::language: return "a language such as en-US";
    case ValueKind::ncname: return "a name without a colon";
    case ValueKind::universal: return "a measure such as 12.5mm";
    case ValueKind::percent: return "a percentage such as 12%";
    case ValueKind::cell: return "a cell such as A1";
    case ValueKind::range: return "a range of cells such as A1:B2";
    case ValueKind::ranges: return "ranges of cells such as A1:B2 D4";
    case ValueKind::rid: return "the id of a relationship";
    case ValueKind::words: return words(tables, row, era);
    case ValueKind::pattern: return "what fits " + std::string(tables.patterns[row.first].text);
    case ValueKind::list: return "a list, each of it " + expected_of(tables, tables.members[row.first], era);
    case ValueKind::one_of: break;
  }
  std::string made;
  for (std::uint16_t one : tables.members.subspan(row.first, row.count)) {
    made += (made.empty() ? "" : ", or ") + expected_of(tables, one, era);
  }
  return made;
}

}  // namespace ooxml
