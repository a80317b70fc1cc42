// Which worksheet functions there are, which Excel was the first to know each, how files write it, and what does the
// same in an older one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace xlsx::formula {

inline constexpr std::uint16_t oldest = 2003, subscription = 3650;  // years of Excel; what only 365 has is the last

struct Function {
  std::string_view name;     // "FILTER"
  std::uint16_t since = 0;   // 2003: it was there then
  std::string_view prefix;   // "_xlfn._xlws.": files write it before the name; otherwise Excel shows #NAME?
  std::string_view instead;  // what to use in an older Excel; may be empty
  bool macro = false;        // of Excel 4's macro language: in names of workbooks with macros alone
};

// By its name, whatever the case of its letters, without any prefix. Null: there is none.
const Function* function(std::string_view name);

// All of them; the place of one in it is its number.
std::span<const Function> functions();
inline std::size_t number(const Function& one) { return static_cast<std::size_t>(&one - functions().data()); }

// A name as a formula writes it, without what is put before it in files.
struct Written {
  std::string_view name;    // "FILTER"
  std::string_view prefix;  // "_xlfn._xlws."; in whatever case it is there
};
Written without_prefix(std::string_view text);

// "2010", "365".
std::string_view year(std::uint16_t since);

}  // namespace xlsx::formula
