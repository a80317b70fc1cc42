// A story of a document (its body, a header, a note) from front to back, as what people see in it: paragraphs, pieces
// of text, tables, pictures, and what is marked as changed or commented. What it is made of in XML stays in here.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "xml.hpp"

namespace docx {

enum class Change : std::uint8_t { none, inserted, deleted, moved_here, moved_away };
constexpr bool is_gone(Change change) { return change == Change::deleted || change == Change::moved_away; }
constexpr bool is_new(Change change) { return change == Change::inserted || change == Change::moved_here; }

struct ParagraphLook {
  std::string style{};
  int outline = -1;    // its own level, from 0
  int numbering = -1;  // numId; 0: none, although its style has one
  int level = 0;
  Change mark = Change::none;  // of its end
};

struct Format {
  bool bold = false, italic = false, strike = false, hidden = false;
  std::string style{};  // the run's
  friend bool operator==(const Format&, const Format&) = default;
};

struct PieceLook {
  Format format{};
  std::optional<Format> before{};    // what a tracked change says that it was
  std::string link{}, anchor{};      // a hyperlink's relationship, or a place in the document
  Change change = Change::none;      // the innermost
  bool fresh = false, gone = false;  // by any change around it: not there before, or no more
  friend bool operator==(const PieceLook&, const PieceLook&) = default;
};

struct Picture {
  std::string relation{}, linked{}, name{}, description{};
  std::uint64_t width = 0, height = 0;  // EMU
};

struct CellLook {
  int span = 1;
  bool merged = false;  // goes on with the cell above it
  Change change = Change::none;
};

struct SectionLook {
  std::string type{}, orientation{};
  int width = 0, height = 0, top = 0, right = 0, bottom = 0, left = 0, columns = 1;  // twentieths of a point
  struct Reference {
    bool footer = false;
    std::string kind{}, relation{};
  };
  std::vector<Reference> references{};
  bool title_page = false;
};

struct ChangeLook {
  std::string kind{}, id{}, author{}, date{};  // "ins", "del", "moveFrom", "moveTo", "rPrChange", …
  std::size_t paragraph = 0;
};

enum class Anchor : std::uint8_t { begin, end, reference };

// Who hears of it; views and references are good for the call alone. Paragraphs are counted from one in the order of
// the text, those in tables and text boxes, too; one in a text box lies within the one that it is anchored in.
class Listener {
 public:
  virtual ~Listener() = default;
  virtual void paragraph(std::size_t) {}
  virtual void piece(std::string_view, const PieceLook&) {}
  virtual void end_paragraph(const ParagraphLook&) {}
  virtual void table(std::string_view) {}  // its style, once it is known: with its first row
  virtual void end_table() {}
  virtual void row(Change, bool) {}  // the second: it is one of a header
  virtual void end_row() {}
  virtual void cell(const CellLook&) {}  // with its first content
  virtual void end_cell() {}
  virtual void picture(const Picture&) {}
  virtual void note(bool, std::string_view) {}  // the first: an endnote
  virtual void comment(Anchor, std::string_view) {}
  virtual void field(std::string_view) {}  // its instruction
  virtual void section(const SectionLook&) {}
  virtual void change(const ChangeLook&) {}
  virtual void bookmark(std::string_view) {}
  virtual void item(bool, std::string_view, std::string_view) {}  // a note or comment begins: id, its type or author
};

class Walk : public ooxml::Handler {
 public:
  explicit Walk(Listener& listener) : m_listener(listener) {}
  void start(const ooxml::Start& element) override;
  void text(std::string_view text) override;
  void end(const ooxml::Start& element) override;
  std::size_t paragraphs() const { return m_paragraphs; }

 private:
  struct Paragraph {
    ParagraphLook look{};
    PieceLook run{};
    std::vector<Change> changes{};  // around what comes next, the innermost last
    std::string link{}, anchor{};
  };
  struct Table {
    bool told = false, row_told = false, cell_told = false, header = false;
    std::string style{};
    Change row = Change::none;
    CellLook cell{};
  };

  void tell_cell();
  void tell_row();
  void start_properties(const ooxml::Start& element);
  void start_run_property(const ooxml::Start& element);
  void start_old(const ooxml::Start& element);
  void start_run(const ooxml::Start& element);
  void start_marks(const ooxml::Start& element);
  void start_table(const ooxml::Start& element);
  void start_picture(const ooxml::Start& element);
  void start_section(const ooxml::Start& element);
  void start_change(const ooxml::Start& element, Change change);
  void end_change();
  void end_table(std::uint32_t key);
  void say(std::string_view text);
  void fields(std::string_view type);
  std::uint32_t parent(std::size_t up = 1) const { return m_open.size() > up ? m_open[m_open.size() - 1 - up] : 0; }

  Listener& m_listener;
  std::vector<std::uint32_t> m_open;  // what is open, as numbers
  std::vector<Paragraph> m_stack;     // paragraphs within paragraphs
  std::vector<Table> m_tables;
  std::vector<std::string> m_instructions;  // of fields that are open
  std::vector<bool> m_results;              // whether their results have begun
  std::size_t m_paragraphs = 0;
  std::size_t m_old = 0;  // how deep we are in what properties were before
  bool m_before = false;  // and these are a run's
  bool m_taking = false, m_instruction = false;
  Picture m_picture;
  SectionLook m_section;
};

}  // namespace docx
