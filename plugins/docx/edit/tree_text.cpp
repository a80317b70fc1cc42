// Text as XML writes it, and changes of it.
#include <algorithm>

#include "edit/tree.hpp"

namespace docx {

namespace {

void add_utf8(std::string& to, unsigned long code) {
  if (code < 0x80) {
    to += static_cast<char>(code);
  } else if (code < 0x800) {
    to += static_cast<char>(0xC0 | (code >> 6));
    to += static_cast<char>(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    to += static_cast<char>(0xE0 | (code >> 12));
    to += static_cast<char>(0x80 | ((code >> 6) & 0x3F));
    to += static_cast<char>(0x80 | (code & 0x3F));
  } else {
    to += static_cast<char>(0xF0 | (code >> 18));
    to += static_cast<char>(0x80 | ((code >> 12) & 0x3F));
    to += static_cast<char>(0x80 | ((code >> 6) & 0x3F));
    to += static_cast<char>(0x80 | (code & 0x3F));
  }
}

// "#x41", "amp": what stands between "&" and ";".
void add_reference(std::string& to, std::string_view name) {
  constexpr std::pair<std::string_view, char> known[] = {
      {"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}};
  for (const auto& [word, c] : known) {
    if (word == name) return void(to += c);
  }
  if (name.size() < 2 || name[0] != '#') return;
  const bool hex = name[1] == 'x';
  const std::string digits(name.substr(hex ? 2 : 1));
  const unsigned long code = std::strtoul(digits.c_str(), nullptr, hex ? 16 : 10);
  if (code > 0 && code <= 0x10FFFF) add_utf8(to, code);
}

// Comments, instructions and the marks of CDATA are no text.
bool skip_markup(std::string& to, std::string_view text, std::size_t& at) {
  const auto rest = text.substr(at);
  const auto past = [&](std::string_view end) {
    const auto found = text.find(end, at);
    at = found == std::string_view::npos ? text.size() : found + end.size();
  };
  constexpr std::string_view data = "<![CDATA[";
  if (rest.substr(0, 4) == "<!--") return past("-->"), true;
  if (rest.substr(0, 2) == "<?") return past("?>"), true;
  if (rest.substr(0, data.size()) != data) return false;
  const auto end = std::min(text.find("]]>", at), text.size());
  to += text.substr(at + data.size(), end - at - data.size());
  at = std::min(end + 3, text.size());
  return true;
}

}  // namespace

std::string unescaped(std::string_view text) {
  std::string all;
  all.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] == '<' && skip_markup(all, text, at)) continue;
    const auto end = text[at] == '&' ? text.find(';', at) : std::string_view::npos;
    if (end == std::string_view::npos) {
      all += text[at++];
    } else {
      add_reference(all, text.substr(at + 1, end - at - 1));
      at = end + 1;
    }
  }
  return all;
}

std::string escaped(std::string_view text) {
  std::string all;
  all.reserve(text.size());
  for (const char c : text) {
    if (c == '&')
      all += "&amp;";
    else if (c == '<')
      all += "&lt;";
    else if (c == '>')
      all += "&gt;";
    else if (c == '"')
      all += "&quot;";
    else if (static_cast<unsigned char>(c) >= 0x20 || c == '\t' || c == '\n' || c == '\r')
      all += c;  // others are no characters of XML
  }
  return all;
}

void Edits::replace(std::size_t begin, std::size_t end, std::string with) {
  m_all.push_back({begin, end, std::move(with)});
}

std::string Edits::apply(std::string_view text) const {
  std::vector<const Edit*> order;
  order.reserve(m_all.size());
  for (const Edit& one : m_all) order.push_back(&one);
  std::stable_sort(order.begin(), order.end(), [](const Edit* a, const Edit* b) {
    if (a->begin != b->begin) return a->begin < b->begin;
    return (a->end == a->begin) > (b->end == b->begin);  // what is inserted comes before what is replaced
  });
  std::string all;
  all.reserve(text.size() + 4096);
  std::size_t at = 0;
  for (const Edit* one : order) {
    if (one->begin < at) continue;  // of what is gone
    all += text.substr(at, one->begin - at);
    all += one->with;
    at = one->end;
  }
  all += text.substr(std::min(at, text.size()));
  return all;
}

}  // namespace docx
