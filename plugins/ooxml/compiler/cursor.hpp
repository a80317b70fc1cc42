// A line of a grammar, read from left to right.
#pragma once

#include <string>
#include <string_view>

#include "model.hpp"

namespace ooxml::compiler {

struct Wrong {
  std::string text;
};

class Cursor {
 public:
  explicit Cursor(std::string_view text) : m_rest(text) {}
  void blanks();
  bool done() {
    blanks();
    return m_rest.empty();
  }
  // The next character beyond blanks; 0: none.
  char peek() {
    blanks();
    return m_rest.empty() ? '\0' : m_rest[0];
  }
  // The next character, without looking beyond blanks.
  char here() const { return m_rest.empty() ? '\0' : m_rest[0]; }
  bool accept(char c);
  bool accept_here(char c);
  void expect(char c);
  // Letters, digits, "_", "-" and ".", but not "..".
  std::string word(const char* what);
  // The word that comes next, which stays; empty: none.
  std::string ahead();
  // A word that means something: not one that is an element's name, as in "text:Text".
  bool accept_word(std::string_view word);
  // All up to a blank, or what stands in quotes.
  std::string written();
  bool quoted() { return peek() == '"'; }
  std::string number();
  std::string rest();

 private:
  std::string_view m_rest;
};

}  // namespace ooxml::compiler
