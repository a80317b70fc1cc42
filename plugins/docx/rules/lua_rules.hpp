// Rules in Lua: `rule{…}` for each, over the elements of a document's stories as they are read. Bounded in memory and
// steps; without files, programs, patterns and anything that could catch the bound.
//
//   rule{
//     name = "no-comic-sans", level = "warning", on = {"w:rFonts"},
//     start = function(e) if e["w:ascii"] == "Comic Sans MS" then report("Comic Sans is no font for a report") end end,
//   }
#pragma once

#include <memory>
#include <string>

#include "validate.hpp"

namespace docx {

struct LuaLimits {
  std::size_t memory = 32u << 20;  // bytes
  std::size_t steps = 50'000'000;  // of the whole look
  std::size_t text = 1u << 20;     // bytes of an element's text
};

// Throws berth::Error (422), with the line, if the text is no Lua or makes no rules.
std::unique_ptr<MoreRules> lua_rules(const std::string& text, const std::string& name, const LuaLimits& limits = {});

}  // namespace docx
