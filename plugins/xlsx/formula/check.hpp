// What is wrong with a formula as text: functions that the Excel which is to open it does not know, that nobody knows,
// that lack what files write before them, and what Excel cannot read at all.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "formula/order.hpp"
#include "functions.hpp"

namespace xlsx::formula {

inline constexpr std::size_t most_characters = 8192, most_depth = 64, most_arguments = 255;

enum class What : std::uint8_t {
  newer,     // a function that this Excel does not know yet
  prefix,    // written without what files put before it, or with too much: Excel shows #NAME?
  unknown,   // a function that no Excel knows
  foreign,   // a function of another program's, which left it there
  macro,     // a function of Excel 4's macro language
  broken,    // Excel cannot read it
  too_long,  // more than `most_characters`
  too_deep,  // functions within functions, more than `most_depth`
  too_wide,  // more than `most_arguments` of one function
};

struct Trouble {
  What what = What::broken;
  std::string_view name;               // as the formula writes it: of a function, or where it is broken
  const Function* function = nullptr;  // if there is one of that name
  std::size_t at = 0;                  // in the formula, in bytes
  std::string expected;                // how it would be written
  const char* words = nullptr;         // of a broken one: what is wrong with it
};

class Watcher {
 public:
  virtual ~Watcher() = default;
  virtual void called(const Function& function) = 0;    // each time
  virtual void trouble(const Trouble& trouble) = 0;     // may come several times for one formula
  virtual bool named(std::string_view name) const = 0;  // is there a defined name of this name?
};

// `office` is the year of the Excel that is to open it, or `subscription`. Made once, for many formulas.
class Check {
 public:
  Check(std::uint16_t office, Watcher& watcher) : m_office(office), m_watcher(watcher) {}
  void run(std::string_view formula);

 private:
  struct Open {
    Inside sort = Inside::bracket;
    std::size_t commas = 0;
  };
  void take(const Token& one, const Token& before);
  void broken(std::string_view where, const char* words);
  void take_sound(const Token& one, const Token& before, bool call);
  void open(Inside sort, const Token& one);
  void close(const Token& one, bool array);
  void comma(const Token& one);
  void called(const Token& one, const Token& before);
  void unknown(const Token& one, const Written& written);
  void tell(What what, const Token& one, const Function* found);
  void sheet(const Token& one, const Token& before);
  void parameter(const Token& one, const Token& before);
  void eta(const Token& one);
  void structure(const Token& one);
  void operation(const Token& one);

  const std::uint16_t m_office;
  Watcher& m_watcher;
  std::string_view m_formula;  // this and what follows: of the formula that is checked
  Order m_order;
  std::vector<Open> m_open;                    // brackets
  std::vector<std::string_view> m_parameters;  // of LET and LAMBDA, written without their prefix
  std::size_t m_calls = 0;                     // that are open
  const Function* m_binds = nullptr;           // LET or LAMBDA, whose first parameter comes next
  bool m_alone = false;                        // the last token was a name by itself, of no sheet or workbook
  bool m_over = false;
};

}  // namespace xlsx::formula
