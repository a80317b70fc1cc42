// A formula as files write it (in English, A1, without "="), cut into tokens by Excel's grammar. Nothing is copied:
// a token is a view of the formula's text. What is broken becomes one token `bad`, which is the last one but the end.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace xlsx::formula {

enum class Kind : std::uint8_t {
  end,
  number,     // 1, .5, 1E+3
  text,       // "a ""quoted"" word", with its quotes
  boolean,    // TRUE, FALSE
  error,      // #REF!, #N/A
  cell,       // $B$7
  columns,    // $A:C
  rows,       // 1:$3
  prefix,     // Sheet1!  'A sheet'!  Jan:Mar!  [1]Sheet1!  [1]!  with its "!"
  name,       // a defined name, a table, a parameter (_xlpm.x)
  structure,  // [Column], [[#Totals],[Sum]], [@Column]: what stands in brackets after a table's name, or alone
  function,   // SUM: what stands right before an opening bracket, which comes as `open`
  operation,  // + - * / ^ & = < > <= >= <> % : @ #; a blank that intersects is a `space`
  space,      // white space, as it is
  comma,      // between arguments, or a union
  semicolon,  // between rows of an array
  open,       // (
  close,      // )
  open_array,
  close_array,
  bad,
};

struct Token {
  Kind kind = Kind::end;
  std::string_view text;
  std::size_t at = 0;             // where it begins in the formula, in bytes
  const char* trouble = nullptr;  // of a bad one: what is wrong with it
};

class Tokens {
 public:
  explicit Tokens(std::string_view formula) : m_text(formula) {}
  Token next();

 private:
  Token take(Kind kind, std::size_t end);
  Token bad(const char* trouble);
  Token sign(char c);
  Token word();
  Token bracket();
  Token quoted();
  Token text();
  Token hash();
  Token digits();
  std::size_t word_end(std::size_t from) const;
  std::size_t bracket_end(std::size_t from) const;
  std::size_t quote_end(std::size_t from) const;
  std::size_t sheet_end(std::size_t from) const;
  std::size_t second_end(std::size_t from) const;
  char at(std::size_t place) const { return place < m_text.size() ? m_text[place] : '\0'; }

  std::string_view m_text;
  std::size_t m_at = 0;
  Kind m_last = Kind::end;
};

}  // namespace xlsx::formula
