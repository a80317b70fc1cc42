// The text of the table becomes a list once, and a table of hashes: a sheet may ask a million times.
#include "functions.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <vector>

#include "function_text.hpp"

namespace xlsx::formula {

namespace {

constexpr char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

bool same(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return upper(x) == upper(y); });
}

std::uint32_t hash(std::string_view name) {
  std::uint32_t value = 2166136261U;
  for (const char c : name) value = (value ^ static_cast<unsigned char>(upper(c))) * 16777619U;
  return value ^ (value >> 15);
}

std::string_view word(std::string_view& text) {
  const auto begin = text.find_first_not_of(" \n");
  if (begin == std::string_view::npos) return text = {};
  text.remove_prefix(begin);
  const auto one = text.substr(0, text.find_first_of(" \n"));
  text.remove_prefix(one.size());
  return one;
}

std::string_view line(std::string_view& text) {
  const auto one = text.substr(0, text.find('\n'));
  text.remove_prefix(std::min(text.size(), one.size() + 1));
  return one;
}

class Table {
 public:
  Table() {
    read_functions();
    m_places.fill(none);
    for (std::size_t i = 0; i < m_all.size(); ++i) {
      std::size_t at = hash(m_all[i].name) % size;
      while (m_places[at] != none) at = (at + 1) % size;
      m_places[at] = static_cast<std::uint16_t>(i);
    }
    read_instead();
  }

  const Function* find(std::string_view name) const {
    for (std::size_t at = hash(name) % size; m_places[at] != none; at = (at + 1) % size)
      if (same(m_all[m_places[at]].name, name)) return &m_all[m_places[at]];
    return nullptr;
  }
  std::span<const Function> all() const { return m_all; }

 private:
  void read_functions() {
    Function like;
    for (auto text = function_text; !text.empty();) {
      auto rest = line(text);
      if (rest.starts_with('@')) {
        rest.remove_prefix(1);
        like = begin(word(rest));
        like.prefix = word(rest);
        continue;
      }
      for (auto name = word(rest); !name.empty(); name = word(rest)) {
        like.name = name;
        m_all.push_back(like);
      }
    }
  }
  static Function begin(std::string_view since) {
    Function like;
    like.macro = since == "macro";
    like.since = oldest;
    if (since == "365")
      like.since = subscription;
    else if (!like.macro)
      std::from_chars(since.data(), since.data() + since.size(), like.since);
    return like;
  }
  void read_instead() {
    for (auto text = instead_text; !text.empty();) {
      auto rest = line(text);
      const auto name = word(rest);
      if (const auto* const one = name.empty() ? nullptr : find(name))
        m_all[static_cast<std::size_t>(one - m_all.data())].instead = rest.substr(1);
    }
  }

  static constexpr std::size_t size = 2048;  // more than twice as many as there are functions
  static constexpr std::uint16_t none = 0xFFFF;
  std::vector<Function> m_all;
  std::array<std::uint16_t, size> m_places;
};

const Table& table() {
  static const Table one;
  return one;
}

}  // namespace

const Function* function(std::string_view name) { return table().find(name); }

std::span<const Function> functions() { return table().all(); }

Written without_prefix(std::string_view text) {
  std::size_t at = 0;
  for (const std::string_view one : {"_xlfn.", "_xlws.", "_xlws."})
    if (same(text.substr(at, one.size()), one)) at += one.size();
  return {text.substr(at), text.substr(0, at)};
}

std::string_view year(std::uint16_t since) {
  switch (since) {
    case 2003: return "2003";
    case 2007: return "2007";
    case 2010: return "2010";
    case 2013: return "2013";
    case 2016: return "2016";
    case 2019: return "2019";
    case 2021: return "2021";
    default: return "365";
  }
}

}  // namespace xlsx::formula
