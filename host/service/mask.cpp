// Of a secret of several lines each line is one as well: whoever prints it does so line by line. And each is looked for
// as JSON writes it, too.
#include "service/mask.hpp"

#include <algorithm>
#include <utility>

namespace berth::service {

namespace {

constexpr std::size_t shortest = 6;
constexpr std::size_t longest_escape = 6;  // of one byte

bool is_escaped(char c) { return c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20; }

// As JSON writes it between its quotes.
Secret as_json(std::string_view text) {
  Secret written(longest_escape * text.size());
  char* end = written.data();
  const auto put = [&end](std::string_view piece) { end = std::copy(piece.begin(), piece.end(), end); };
  for (const char c : text) {
    constexpr std::string_view plain = "\"\\\b\f\n\r\t", letters = "\"\\bfnrt";
    const auto known = plain.find(c);
    if (known != plain.npos)
      put("\\");
    else if (is_escaped(c))
      put(c < 0x10 ? "\\u000" : "\\u001");
    *end++ = known != plain.npos ? letters[known] : is_escaped(c) ? "0123456789abcdef"[c & 15] : c;
  }
  written.cut(static_cast<std::size_t>(end - written.data()));
  return written;
}

}  // namespace

Mask::Mask(std::shared_ptr<const SecretSet> secrets) : m_secrets(std::move(secrets)) {
  if (!m_secrets) return;
  for (const auto& [name, secret] : *m_secrets) {
    add(secret.view(), name);
    if (secret.view().find('\n') != std::string_view::npos) add_lines(secret.view(), name);
  }
  std::stable_sort(m_parts.begin(), m_parts.end(),
                   [](const Part& one, const Part& other) { return one.text.size() > other.text.size(); });
}

void Mask::add(std::string_view text, const std::string& name) {
  if (text.size() < shortest) return;
  m_parts.push_back({text, &name});
  if (std::any_of(text.begin(), text.end(), is_escaped))
    m_parts.push_back({m_written.emplace_back(as_json(text)).view(), &name});
}

void Mask::add_lines(std::string_view text, const std::string& name) {
  for (std::size_t at = 0; at <= text.size();) {
    const auto end = std::min(text.find('\n', at), text.size());
    auto line = text.substr(at, end - at);
    if (line.ends_with('\r')) line.remove_suffix(1);
    add(line, name);
    at = end + 1;
  }
}

std::string Mask::operator()(std::string text) const {
  for (const auto& part : m_parts) {
    const std::string instead = "[secret " + *part.name + "]";
    for (auto at = text.find(part.text); at != std::string::npos; at = text.find(part.text, at + instead.size()))
      text.replace(at, part.text.size(), instead);
  }
  return text;
}

}  // namespace berth::service
