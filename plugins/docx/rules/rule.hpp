// The rules of good documents, beyond the standard: what they are called, how much they matter, and what a check of one
// sees while a part is read.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "look.hpp"
#include "read/library.hpp"
#include "serve/verdict.hpp"

namespace docx {

using ooxml::serve::Level;

struct RuleInfo {
  std::string_view name;
  Level level;            // unless the caller says otherwise
  std::string_view what;  // in one line
};

constexpr std::array<RuleInfo, 19> rule_infos{{
    {"table-grid", Level::error, "each table has a tblGrid"},
    {"table-columns", Level::error, "the cells of a row, with their spans, are as many as the grid has columns"},
    {"table-widths", Level::warning, "a cell is as wide as its columns together"},
    {"section-order", Level::error, "the children of sectPr stand in their order"},
    {"section-position", Level::error, "sectPr is the last in the body, or in a paragraph's properties"},
    {"style-defined", Level::error, "each style that is meant is defined, and of the right kind"},
    {"header-footer", Level::error, "each reference to a header or footer leads to one"},
    {"numbering-defined", Level::error, "each list that is meant is defined"},
    {"image-exists", Level::error, "each picture that is shown is in the file"},
    {"image-type", Level::error, "a picture's bytes are of the type that it is said to be"},
    {"cjk-font", Level::error, "Chinese, Japanese and Korean text has an east-Asian font"},
    {"revision-complete", Level::error, "a tracked change has an id of its own and an author"},
    {"revision-paired", Level::error, "what was moved has a begin and an end, and is there where it went"},
    {"comment-paired", Level::error, "a comment's range begins, ends, is referred to, and the comment is there"},
    {"field-balanced", Level::error, "each field that begins ends in the same story"},
    {"heading-levels", Level::warning, "headings do not skip levels"},
    {"empty-paragraphs", Level::hint, "empty paragraphs are no spacing"},
    {"fonts-embedded", Level::hint, "fonts that not every machine has are embedded"},
    {"bookmark-paired", Level::warning, "a bookmark that begins ends"},
}};
const RuleInfo* rule_info(std::string_view name);  // null: there is none

// What rules matter, and where what they find goes.
class Ruler {
 public:
  Ruler(const std::map<std::string, Level>& levels, ooxml::serve::Rulings& rulings);
  Level level(std::string_view rule) const;
  Level level_or(std::string_view rule, Level otherwise) const;
  bool on(std::string_view rule) const { return level(rule) != Level::off; }

  struct Fault {
    std::string message{}, name{}, expected{}, remedy{};
  };
  // At the element that is open.
  void find(std::string_view rule, const ooxml::Reading& reading, Fault fault);
  // Where it was seen, and told only later.
  struct Place {
    std::string part{}, path{};
    std::size_t line = 0;
  };
  static Place here(const ooxml::Reading& reading);
  void find(std::string_view rule, const Place& place, Fault fault);
  void find(Level level, const Place& place, std::string code, Fault fault);

 private:
  const std::map<std::string, Level>& m_levels;
  ooxml::serve::Rulings& m_rulings;
};

// How many places or names a check remembers; what comes later is not looked at.
constexpr std::size_t most_remembered = 20'000;

// What all checks of one look know.
struct Scene {
  Ruler& ruler;
  Library& library;
  std::map<std::string, Ruler::Place> comment_begins{}, comment_ends{}, comment_references{};
  std::map<std::string, std::string> fonts{};  // name in the font table to what is embedded of it
  std::map<std::string, std::size_t> fonts_used{};
};

// A rule, or some that look at the same, while one part is read. `open` are the elements around, the outermost first,
// with the one that begins or ends as the last.
class Check {
 public:
  Check(Scene& scene, const ooxml::Reading& reading) : m_scene(scene), m_reading(reading) {}
  virtual ~Check() = default;
  using Open = std::vector<std::uint32_t>;
  virtual void start(const ooxml::Start&, const Open&) {}
  virtual void text(std::string_view, const Open&) {}
  virtual void end(const ooxml::Start&, const Open&) {}
  virtual void finish() {}  // the part has been read

 protected:
  Scene& m_scene;
  const ooxml::Reading& m_reading;
};

// The parent of the last, or one further out.
inline std::uint32_t outer(const Check::Open& open, std::size_t up = 1) {
  return open.size() > up ? open[open.size() - 1 - up] : 0;
}

using Checks = std::vector<std::unique_ptr<Check>>;
void add_table_checks(Checks& checks, Scene& scene, const ooxml::Reading& reading);
void add_section_checks(Checks& checks, Scene& scene, const ooxml::Reading& reading);
void add_reference_checks(Checks& checks, Scene& scene, const ooxml::Reading& reading);
void add_mark_checks(Checks& checks, Scene& scene, const ooxml::Reading& reading);
void add_text_checks(Checks& checks, Scene& scene, const ooxml::Reading& reading);
void add_font_checks(Checks& checks, Scene& scene, const ooxml::Reading& reading);
void finish_marks(Scene& scene);
void finish_fonts(Scene& scene);

}  // namespace docx
