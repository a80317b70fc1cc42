// A document's text as Markdown: headings, lists, tables, links, notes; with its tracked changes accepted, rejected or
// shown ({++new++}, {--old--}).
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "read/library.hpp"
#include "read/walk.hpp"

namespace docx {

enum class Revisions { accepted, rejected, shown };

class Markdown : public Listener {
 public:
  struct Options {
    Revisions revisions = Revisions::accepted;
    bool comments = false;
    std::size_t most = 1u << 20;  // bytes
  };
  using Target = std::function<std::string(std::string_view relation)>;  // where a relationship leads; empty: nowhere
  Markdown(const Library& library, Options options, Target target)
      : m_library(library), m_options(options), m_target(std::move(target)) {}

  std::string finish();  // the whole text, notes at its end
  bool truncated() const { return m_truncated; }

  void paragraph(std::size_t number) override;
  void piece(std::string_view text, const PieceLook& look) override;
  void end_paragraph(const ParagraphLook& look) override;
  void table(std::string_view style) override;
  void end_table() override;
  void row(Change change, bool header) override;
  void end_row() override;
  void cell(const CellLook& look) override;
  void end_cell() override;
  void picture(const Picture& picture) override;
  void note(bool end, std::string_view id) override;
  void comment(Anchor anchor, std::string_view id) override;

 private:
  struct Piece {
    std::string text{};
    PieceLook look{};
    bool raw = false;
  };
  struct Table {
    std::vector<std::vector<std::string>> rows{};
    std::vector<std::string> cell{};  // its paragraphs
    int span = 1;
    bool skip = false, skip_cell = false;
  };

  bool shows(Change change) const;
  bool shows(const PieceLook& look) const;
  void add_raw(std::string text);
  std::string inline_text(const std::vector<Piece>& pieces) const;
  std::string styled(const Piece& piece) const;
  std::string prefix_of(const ParagraphLook& look);
  bool joins_next(Change mark) const;
  void block(std::string text, bool list);
  void add(std::string_view text);

  const Library& m_library;
  const Options m_options;
  const Target m_target;
  std::string m_text;
  bool m_truncated = false, m_in_list = false;
  std::size_t m_waiting = 0;                 // bytes of paragraphs and tables that have not ended
  std::vector<std::vector<Piece>> m_pieces;  // of paragraphs that are open
  std::vector<Piece> m_carried;              // of paragraphs whose ends are not there
  std::vector<Table> m_tables;
  std::map<std::string, std::string> m_notes;   // label to text, that were meant
  std::map<std::pair<int, int>, int> m_counts;  // of a list's level
};

// Text in which nothing is taken for Markdown.
std::string plain_markdown(std::string_view text, bool at_begin);

}  // namespace docx
