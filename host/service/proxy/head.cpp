// Line by line: NAME ":" VALUE CRLF, and nothing that only some would read.
#include "service/proxy/head.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "service/text.hpp"

namespace berth::service::proxy {

namespace {

constexpr std::size_t most_fields = 100;

Error wrong_head(std::string why) {
  return {400, "bad_message", std::move(why), "plain HTTP/1.1 as RFC 9112 has it is what passes here"};
}

bool is_space(char c) { return c == ' ' || c == '\t'; }
bool is_control(char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == '\x7f'; }

std::string_view take_line(std::string_view& bytes) {
  const auto line = bytes.substr(0, bytes.find("\r\n"));
  bytes.remove_prefix(std::min(line.size() + 2, bytes.size()));
  return line;
}

// One that only the two ends of a connection have to do with.
bool is_of_the_connection(std::string_view name) {
  static constexpr std::array<std::string_view, 12> names = {
      "connection", "keep-alive",     "proxy-connection", "proxy-authorization", "proxy-authenticate", "te",
      "upgrade",    "http2-settings", "trailer",          "transfer-encoding",   "content-length",     "host"};
  return std::any_of(names.begin(), names.end(), [&](std::string_view one) { return equal_fold(one, name); });
}

bool is_named_by_connection(const Head& head, std::string_view name) {
  for (const Field& field : head.fields) {
    if (!equal_fold(field.name, "connection")) continue;
    for (std::string_view rest = field.value; !rest.empty();) {
      const auto item = rest.substr(0, rest.find(','));
      if (equal_fold(trimmed(item), name)) return true;
      rest.remove_prefix(std::min(item.size() + 1, rest.size()));
    }
  }
  return false;
}

}  // namespace

const char* HeadEnd::go(std::string_view bytes) {
  while (m_end == 0) {
    const auto at = bytes.find('\n', m_seen);
    if (at == bytes.npos) {
      m_seen = bytes.size();
      return nullptr;
    }
    if (at == 0 || bytes[at - 1] != '\r') return "a line of the head ends in a bare LF";
    if (at == 1) return "the head begins with an empty line";
    if (at == m_line + 1) m_end = at + 1;
    m_seen = m_line = at + 1;
  }
  return nullptr;
}

std::size_t Head::count(std::string_view name) const {
  return static_cast<std::size_t>(
      std::count_if(fields.begin(), fields.end(), [&](const Field& field) { return equal_fold(field.name, name); }));
}

std::string_view Head::value(std::string_view name) const {
  for (const Field& field : fields) {
    if (equal_fold(field.name, name)) return field.value;
  }
  return {};
}

Result<Head> parse_head(std::string_view bytes) {
  Head head;
  head.start = take_line(bytes);
  if (std::any_of(head.start.begin(), head.start.end(), is_control))
    return wrong_head("the first line has a control character");
  for (std::string_view line = take_line(bytes); !line.empty(); line = take_line(bytes)) {
    if (head.fields.size() == most_fields) return wrong_head("the head has more than 100 fields");
    if (is_space(line[0])) return wrong_head("a field is folded over two lines");
    const auto colon = line.find(':');
    if (colon == line.npos || !is_token(line.substr(0, colon))) return wrong_head("a line of the head is no field");
    const Field field{line.substr(0, colon), trimmed(line.substr(colon + 1))};
    if (std::any_of(field.value.begin(), field.value.end(), is_control))
      return wrong_head("the field " + std::string(field.name) + " has a control character");
    head.fields.push_back(field);
  }
  return head;
}

Result<Framing> framing_of(const Head& head) {
  Framing framing;
  const auto lengths = head.count("Content-Length"), codings = head.count("Transfer-Encoding");
  if (lengths > 1) return wrong_head("there are two Content-Length fields");
  if (codings > 1) return wrong_head("there are two Transfer-Encoding fields");
  if (lengths && codings) return wrong_head("Content-Length and Transfer-Encoding exclude each other");
  if (codings && !equal_fold(head.value("Transfer-Encoding"), "chunked"))
    return wrong_head("the only Transfer-Encoding that passes here is chunked");
  framing.chunked = codings > 0;
  if (!lengths) return framing;
  const auto text = head.value("Content-Length");
  std::uint64_t length = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), length);
  if (failed != std::errc() || end != text.data() + text.size()) return wrong_head("the Content-Length is no number");
  framing.length = length;
  return framing;
}

std::string passing_fields(const Head& head) {
  std::string lines;
  for (const Field& field : head.fields) {
    if (is_of_the_connection(field.name) || is_named_by_connection(head, field.name)) continue;
    lines.append(field.name).append(": ").append(field.value).append("\r\n");
  }
  return lines;
}

}  // namespace berth::service::proxy
