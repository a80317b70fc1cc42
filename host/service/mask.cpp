// The longest first, since one secret may hold another. Of a secret of several lines each line is one as well: whoever
// prints it does so line by line. And each is looked for as JSON writes it, too.
#include "service/mask.hpp"

#include <algorithm>
#include <cstring>
#include <deque>
#include <string_view>
#include <vector>

namespace berth::service {

namespace {

constexpr std::size_t shortest = 6;

// As JSON writes it between its quotes.
std::string as_json(std::string_view text) {
  std::string out;
  out.reserve(6 * text.size());  // or pieces of it would lie about
  for (const char c : text) {
    constexpr std::string_view plain = "\"\\\b\f\n\r\t", letters = "\"\\bfnrt";
    const auto known = plain.find(c);
    if (known != plain.npos)
      (out += '\\') += letters[known];
    else if (static_cast<unsigned char>(c) < 0x20)
      ((out += c < 0x10 ? "\\u000" : "\\u001")) += "0123456789abcdef"[c & 15];
    else
      out += c;
  }
  return out;
}

class Parts {
 public:
  struct Part {
    std::string_view text;
    const std::string* name;
  };

  explicit Parts(const SecretSet& secrets) {
    for (const auto& [name, secret] : secrets) {
      add(secret.view(), name);
      if (secret.view().find('\n') != std::string_view::npos) add_lines(secret.view(), name);
    }
    std::stable_sort(m_all.begin(), m_all.end(),
                     [](const Part& one, const Part& other) { return one.text.size() > other.text.size(); });
  }
  ~Parts() {
    for (auto& one : m_written) ::explicit_bzero(one.data(), one.size());
  }
  Parts(const Parts&) = delete;
  const std::vector<Part>& all() const { return m_all; }

 private:
  void add(std::string_view text, const std::string& name) {
    if (text.size() < shortest) return;
    m_all.push_back({text, &name});
    const auto steers = [](char c) { return c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20; };
    if (std::any_of(text.begin(), text.end(), steers)) m_all.push_back({m_written.emplace_back(as_json(text)), &name});
  }
  void add_lines(std::string_view text, const std::string& name) {
    for (std::size_t at = 0; at <= text.size();) {
      const auto end = std::min(text.find('\n', at), text.size());
      auto line = text.substr(at, end - at);
      if (line.ends_with('\r')) line.remove_suffix(1);
      add(line, name);
      at = end + 1;
    }
  }

  std::vector<Part> m_all;
  std::deque<std::string> m_written;  // what some of them lie in
};

}  // namespace

std::string masked(std::string text, const SecretSet& secrets) {
  for (const Parts parts(secrets); const auto& part : parts.all()) {
    const std::string instead = "[secret " + *part.name + "]";
    for (auto at = text.find(part.text); at != std::string::npos; at = text.find(part.text, at + instead.size()))
      text.replace(at, part.text.size(), instead);
  }
  return text;
}

}  // namespace berth::service
