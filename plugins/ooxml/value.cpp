// Values as the judge has them: white space around numbers is nothing, around words it is a mistake.
#include "value.hpp"

#include <algorithm>
#include <charconv>

#include "value_text.hpp"
#include "xml_text.hpp"

namespace ooxml {

namespace {

bool integer(const ValueRow& row, std::string_view text) {
  text = trimmed(text);
  bool plus = !text.empty() && text[0] == '+';
  if (plus) text.remove_prefix(1);
  bool minus = !text.empty() && text[0] == '-';
  if ((minus && (plus || !row.sign)) || (plus && !row.sign)) return false;
  if (!row.sign && row.width == 64) {
    std::uint64_t big = 0;
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), big);
    if (error == std::errc{} && end == text.data() + text.size()) {
      return big >= static_cast<std::uint64_t>(row.from) && (!row.bounded || big <= static_cast<std::uint64_t>(row.to));
    }
  }
  std::int64_t value = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size() && value >= row.from && value <= row.to;
}

bool number(const ValueRow& row, std::string_view text) {
  text = trimmed(text);
  constexpr std::string_view words[] = {"INF", "-INF", "NaN", "Infinity", "-Infinity"};
  if (std::find(std::begin(words), std::end(words), text) != std::end(words)) return !row.bounded;
  if (!text.empty() && text[0] == '+') {
    text.remove_prefix(1);
    if (!text.empty() && text[0] == '-') return false;
  }
  if (text.empty() || text.back() == 'e' || text.back() == 'E') return false;
  double value = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  bool digits = std::any_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (error == std::errc::result_out_of_range) return digits && !row.bounded;
  if (error != std::errc{} || end != text.data() + text.size() || !digits) return false;
  return !row.bounded || (value >= row.low && value <= row.high);
}

bool pattern(const Tables& tables, const ValueRow& row, std::string_view text) {
  const PatternRow& its = tables.patterns[row.first];
  std::uint16_t state = 0;
  for (char c : text) {
    std::uint8_t group = tables.pattern_classes[its.classes + static_cast<unsigned char>(c)];
    state = tables.pattern_steps[its.steps + static_cast<std::size_t>(state) * its.width + group];
    if (state == no_state) return false;
  }
  return tables.pattern_ends[its.ends + state] != 0;
}

bool word(const Tables& tables, const ValueRow& row, std::string_view text, const Era& era) {
  auto words = tables.words.subspan(row.first, row.count);
  auto found = std::lower_bound(words.begin(), words.end(), text,
                                [](const WordRow& one, std::string_view other) { return one.word < other; });
  return found != words.end() && found->word == text && era.open(found->since, found->edition);
}

// Characters as Office counts them: units of UTF-16.
std::int64_t length(std::string_view text) {
  std::int64_t count = 0;
  for (char c : text) {
    auto byte = static_cast<unsigned char>(c);
    if ((byte & 0xC0) != 0x80) count += byte >= 0xF0 ? 2 : 1;
  }
  return count;
}

bool list(const Tables& tables, const ValueRow& row, std::string_view text, const Era& era) {
  std::uint16_t member = tables.members[row.first];
  while (!(text = trimmed(text)).empty()) {
    std::size_t size = 0;
    while (size < text.size() && !is(text[size], characters::blank)) ++size;
    if (!fits(tables, member, text.substr(0, size), era)) return false;
    text.remove_prefix(size);
  }
  return true;
}

bool within(const ValueRow& row, std::string_view text) {
  return !row.bounded || (length(text) >= row.from && length(text) <= row.to);
}

}  // namespace

bool is_blank(std::string_view text) { return trimmed(text).empty(); }

bool fits(const Tables& tables, std::uint16_t value, std::string_view text, const Era& era) {
  if (value == no_value) return true;
  const ValueRow& row = tables.values[value];
  switch (row.kind) {
    case ValueKind::string:
    case ValueKind::rid: return within(row, text);
    case ValueKind::token: return within(row, text);
    case ValueKind::boolean: return is_boolean(trimmed(text));
    case ValueKind::onoff: return is_boolean(text) || text == "on" || text == "off";
    case ValueKind::integer: return integer(row, text);
    case ValueKind::number: return number(row, text);
    case ValueKind::hex: return is_hex(text) && (row.bounded ? within(row, text) : text.size() % 2 == 0);
    case ValueKind::base64: return is_base64(text);
    case ValueKind::datetime: return is_datetime(trimmed(text));
    case ValueKind::guid: return is_guid(text);
    case ValueKind::uri: return is_uri(text);
    case ValueKind::language: return is_language(trimmed(text));
    case ValueKind::ncname: return is_ncname(text) && within(row, text);
    case ValueKind::universal: return is_universal(text);
    case ValueKind::percent: return is_percent(text);
    case ValueKind::cell: return is_cell(text);
    case ValueKind::range: return is_range(text);
    case ValueKind::ranges: return is_ranges(text);
    case ValueKind::words: return word(tables, row, text, era);
    case ValueKind::pattern: return pattern(tables, row, text);
    case ValueKind::list: return list(tables, row, text, era);
    case ValueKind::one_of: break;
  }
  auto members = tables.members.subspan(row.first, row.count);
  return std::any_of(members.begin(), members.end(), [&](std::uint16_t one) { return fits(tables, one, text, era); });
}

}  // namespace ooxml
