// Elements and how often, in a line of a grammar.
#include "reader.hpp"

#include <algorithm>

namespace ooxml::compiler {

std::pair<Called, std::string> LineReader::element() {
  std::string first = cursor.word("a name");
  if (!cursor.accept_here(':')) throw Wrong{"\"" + first + "\" has no type: \"" + first + ":Type\""};
  std::string second = cursor.word("a type");
  if (!cursor.accept_here(':')) return {{use, first, true}, second};
  return {{first, second, false}, cursor.word("a type")};
}

std::uint16_t LineReader::year() {
  static constexpr std::uint16_t years[] = {2007, 2010, 2013, 2016, 2019, 2021, 365};
  std::string word = cursor.word("a year");
  for (std::uint16_t year : years) {
    if (std::to_string(year) == word) return year == 365 ? 3650 : year;
  }
  throw Wrong{"there is no Office of " + word};
}

Gate LineReader::gate() {
  Gate gate;
  for (;;) {
    if (cursor.accept_word("since")) {
      gate.since = year();
    } else if (cursor.accept_word("strict")) {
      gate.edition = Edition::strict;
    } else if (cursor.accept_word("transitional")) {
      gate.edition = Edition::transitional;
    } else {
      return gate;
    }
  }
}

Particle LineReader::particles() { return sequence('\0'); }

Particle LineReader::sequence(char end) {
  Particle all{.place = m_place};
  Particle choice{.kind = Particle::Kind::choice, .place = m_place};
  auto finished = [&] {
    char next = cursor.peek();
    return next == end || next == '\0' || (end == '\0' && next == '@');
  };
  while (!finished()) {
    if (cursor.accept('|')) {
      if (end == '\0') throw Wrong{"a choice needs brackets"};
      choice.children.push_back(std::move(all));
      all = {.place = m_place};
      continue;
    }
    all.children.push_back(particle());
  }
  if (choice.children.empty()) return all;
  choice.children.push_back(std::move(all));
  for (const Particle& one : choice.children) {
    if (one.children.empty()) throw Wrong{"a choice between something and nothing; write \"?\""};
  }
  return choice;
}

Particle LineReader::particle() {
  Particle found;
  if (cursor.peek() == '(') {
    found = brackets();
  } else if (cursor.accept('%')) {
    found = {.kind = Particle::Kind::group, .place = m_place, .type = cursor.word("a group")};
  } else if (cursor.accept_word("any")) {
    found = wildcard();
  } else if (cursor.accept_word("all")) {
    found = brackets();
    if (found.kind == Particle::Kind::choice) throw Wrong{"no choice in all(…)"};
    found.kind = Particle::Kind::all;
  } else {
    auto [called, type] = element();
    found = {.kind = Particle::Kind::element, .place = m_place, .name = called, .type = type};
  }
  times(found);
  found.gate = gate();
  if (found.kind != Particle::Kind::element && (found.gate.since != 0 || found.gate.edition != Edition::both)) {
    throw Wrong{"\"since\", \"strict\" and \"transitional\" are of elements and attributes"};
  }
  return found;
}

Particle LineReader::brackets() {
  cursor.expect('(');
  Particle found = sequence(')');
  cursor.expect(')');
  if (found.children.empty()) throw Wrong{"brackets around nothing"};
  return found;
}

Particle LineReader::wildcard() {
  Particle found{.kind = Particle::Kind::wild, .place = m_place};
  if (!cursor.accept_here('(')) return found;
  if (cursor.accept_word("other")) {
    found.wild = Wild::other;
    found.spaces.push_back(use);
  } else {
    found.wild = Wild::listed;
    while (cursor.peek() != ')') found.spaces.push_back(cursor.word("a space"));
  }
  cursor.expect(')');
  return found;
}

int LineReader::count(const char* what) {
  std::string digits = cursor.number();
  if (digits.empty() || digits.size() > 6 || digits[0] == '-') throw Wrong{std::string(what) + " is no number"};
  return std::stoi(digits);
}

void LineReader::times(Particle& particle) {
  auto set = [&particle](int least, int most) {
    particle.least = least;
    particle.most = most;
  };
  if (cursor.accept_here('?')) return set(0, 1);
  if (cursor.accept_here('*')) return set(0, unbounded);
  if (cursor.accept_here('+')) return set(1, unbounded);
  if (!cursor.accept_here('{')) return;
  int least = cursor.peek() == ',' ? 0 : count("how often");
  int most = least;
  if (cursor.accept(',')) most = cursor.peek() == '}' ? unbounded : count("how often");
  cursor.expect('}');
  if (most != unbounded && (most < least || most == 0)) throw Wrong{"the most is less than the least"};
  set(least, most);
}

}  // namespace ooxml::compiler
