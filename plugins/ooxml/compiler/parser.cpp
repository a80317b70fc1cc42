// The lines of a grammar's file.
#include <algorithm>

#include "cursor.hpp"
#include "reader.hpp"

namespace ooxml::compiler {

namespace {

// Cuts a comment off: "#" at the beginning or behind a blank, outside of quotes.
std::string_view without_comment(std::string_view line) {
  bool quotes = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '"') quotes = !quotes;
    if (line[i] == '#' && !quotes && (i == 0 || line[i - 1] == ' ' || line[i - 1] == '\t')) return line.substr(0, i);
  }
  return line;
}

void parse_space(LineReader& line, Model& model) {
  Space space{.place = line.place()};
  space.prefix = line.cursor.word("the prefix");
  while (!line.cursor.done()) {
    if (line.cursor.accept_word("since")) {
      space.since = line.year();
    } else if (line.cursor.accept_word("shown")) {
      space.shown = line.cursor.word("the prefix that is shown");
    } else if (line.cursor.accept_word("qualified")) {
      space.qualified = true;
    } else {
      space.addresses.push_back(line.cursor.written());
    }
  }
  if (space.addresses.empty()) throw Wrong{"a space needs an address"};
  model.spaces.push_back(space);
}

void parse_enumeration(LineReader& line, Model& model) {
  std::string name = line.cursor.word("the name");
  line.cursor.expect('=');
  Enumeration found{.place = line.place()};
  while (!line.cursor.done()) {
    bool quoted = line.cursor.quoted();
    std::string word = line.cursor.written();
    if (!quoted && !found.words.empty() && (word == "since" || word == "strict" || word == "transitional")) {
      Gate& gate = found.words.back().gate;
      if (word == "since") {
        gate.since = line.year();
      } else {
        gate.edition = word == "strict" ? Edition::strict : Edition::transitional;
      }
      continue;
    }
    found.words.push_back({word});
  }
  line.add(model.enumerations, name, found);
}

void parse_type(LineReader& line, Model& model) {
  std::string name = line.cursor.word("the name");
  line.cursor.expect('=');
  Type type{.place = line.place(), .own = line.use};
  if (line.cursor.accept_word("empty")) {
    type.content = Content::empty;
  } else if (line.cursor.accept_word("text")) {
    type.content = Content::text;
    type.text = line.value();
  } else {
    bool mixed = line.cursor.accept_word("mixed");
    type.particle = line.particles();
    bool none = type.particle.children.empty();
    type.content = mixed ? Content::mixed : none ? Content::empty : Content::children;
  }
  type.attributes = line.attributes();
  line.add(model.types, name, type);
}

void parse_root(LineReader& line, Model& model, bool part) {
  Root root{.place = line.place()};
  if (part) {
    root.content_type = line.cursor.written();
    line.cursor.expect('=');
  }
  auto [called, type] = line.element();
  root.name = called;
  root.type = type;
  root.gate = line.gate();
  model.roots.push_back(root);
}

void parse_extension(LineReader& line, Model& model) {
  Extension found{.place = line.place(), .uri = line.cursor.written()};
  if (!line.cursor.accept_word("in")) throw Wrong{"\"in\" is missing"};
  found.in = line.cursor.word("the type");
  line.cursor.expect('=');
  auto [called, type] = line.element();
  found.name = called;
  found.type = type;
  found.gate = line.gate();
  model.extensions.push_back(found);
}

void parse_line(LineReader& line, Model& model) {
  std::string what = line.cursor.word("what the line is about");
  if (what == "space") return parse_space(line, model);
  if (what == "use") {
    line.use = line.cursor.word("the prefix");
    return;
  }
  if (what == "enum") return parse_enumeration(line, model);
  if (what == "type") return parse_type(line, model);
  if (what == "part" || what == "element") return parse_root(line, model, what == "part");
  if (what == "extension") return parse_extension(line, model);
  if (what != "value" && what != "attrs" && what != "group") throw Wrong{"nothing is called \"" + what + "\" here"};
  std::string name = line.cursor.word("the name");
  line.cursor.expect('=');
  if (what == "value") return line.add(model.values, name, NamedValue{line.place(), line.value()});
  if (what == "attrs") return line.add(model.attribute_groups, name, AttributeGroup{line.place(), line.attributes()});
  line.add(model.groups, name, Group{line.place(), line.particles()});
}

}  // namespace

void parse(const std::string& file, const std::string& text, Model& model, Problems& problems) {
  std::string use;
  auto finish = [&](const std::string& logical, int number) {
    if (logical.find_first_not_of(" \t") == logical.npos) return;
    LineReader line(logical, {file, number}, use, problems);
    try {
      parse_line(line, model);
      if (!line.cursor.done()) throw Wrong{"what is \"" + line.cursor.rest() + "\" here?"};
    } catch (const Wrong& wrong) {
      problems.push_back({line.place(), wrong.text});
    }
  };
  std::string logical;
  int number = 0, first = 0;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = std::min(text.find('\n', at), text.size());
    std::string_view raw = std::string_view(text).substr(at, end - at);
    at = end + 1;
    ++number;
    if (!raw.empty() && raw.back() == '\r') raw.remove_suffix(1);
    std::string_view line = without_comment(raw);
    if (line.empty()) continue;  // also between the lines that belong together
    if (line[0] != ' ' && line[0] != '\t') {
      finish(logical, first);
      logical.clear();
      first = number;
    }
    logical += line;
    logical += ' ';
  }
  finish(logical, first);
}

}  // namespace ooxml::compiler
