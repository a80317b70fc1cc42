// The parts of a grammar's line that occur in several kinds of lines: elements, particles, values, attributes, gates.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "cursor.hpp"

namespace ooxml::compiler {

class LineReader {
 public:
  LineReader(std::string_view text, Place place, std::string& used, Problems& problems)
      : cursor(text), use(used), m_place(std::move(place)), m_problems(problems) {}
  const Place& place() const { return m_place; }

  // "name:Type" or "x14:name:Type".
  std::pair<Called, std::string> element();
  Gate gate();
  std::uint16_t year();
  Particle particles();
  ValueUse value();
  std::vector<AttributeUse> attributes();

  template <class Value>
  void add(std::map<std::string, Value>& all, const std::string& name, const Value& value) {
    auto [at, added] = all.emplace(name, value);
    if (!added) {
      throw Wrong{name + " is there already, in " + at->second.place.file + ":" +
                  std::to_string(at->second.place.line)};
    }
  }

  Cursor cursor;
  std::string& use;

 private:
  Particle sequence(char end);
  Particle particle();
  Particle brackets();
  Particle wildcard();
  void times(Particle& particle);
  int count(const char* what);
  ValueUse one_value();
  bool builtin(const std::string& word, ValueUse& value);
  void bounds(ValueUse& value);
  void range(ValueUse& value);
  AttributeUse attribute();

  Place m_place;
  Problems& m_problems;
};

}  // namespace ooxml::compiler
