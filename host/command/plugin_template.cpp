// Lines that hold are kept, then the names are put in.
#include "command/plugin_template.hpp"

#include <algorithm>
#include <cctype>
#include <iterator>
#include <sstream>

#include "loader/manifest.hpp"

namespace berth::command {

namespace {

bool holds(const std::string& words, const NewPlugin& plugin) {
  std::istringstream in(words);
  for (std::string word; in >> word;)
    if (word == plugin.language || plugin.kinds.contains(word)) return true;
  return false;
}

std::string kept_lines(std::string_view text, const NewPlugin& plugin) {
  std::istringstream in{std::string(text)};
  std::string out;
  bool keeps = true;
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("@if "))
      keeps = holds(line.substr(4), plugin);
    else if (line.starts_with("@unless "))
      keeps = !holds(line.substr(8), plugin);
    else if (line == "@end")
      keeps = true;
    else if (keeps)
      out += line + "\n";
  }
  return out;
}

void replace(std::string& text, std::string_view word, std::string_view with) {
  for (auto at = text.find(word); at != std::string::npos; at = text.find(word, at + with.size()))
    text.replace(at, word.size(), with);
}

}  // namespace

bool is_taken_word(std::string_view name) {
  constexpr std::string_view targets[]{"all",     "clean",   "edit_cache",    "help",
                                       "install", "package", "rebuild_cache", "test"};
  return loader::is_hosts_name(name) || std::find(std::begin(targets), std::end(targets), name) != std::end(targets);
}

bool is_plugin_word(std::string_view name) {
  if (name.empty() || name.size() > 40 || name[0] < 'a' || name[0] > 'z') return false;
  return name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string_view::npos;
}

std::string class_name(std::string_view name) {
  std::string out;
  bool begins = true;
  for (const char c : name) {
    if (c != '_') out += begins ? static_cast<char>(std::toupper(static_cast<unsigned char>(c))) : c;
    begins = c == '_';
  }
  return out;
}

std::string fill(std::string_view text, const NewPlugin& plugin) {
  static constexpr std::string_view comma = "@COMMA@";
  std::string out = kept_lines(text, plugin);
  if (const auto last = out.rfind(comma); last != std::string::npos) out.erase(last, comma.size());
  replace(out, comma, ",");
  replace(out, "@NAME@", plugin.name);
  replace(out, "@CLASS@", class_name(plugin.name));
  return out;
}

}  // namespace berth::command
