// What is in a document, in numbers and lists: outline, tables, pictures, styles, sections, comments, revisions,
// fields.
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "read/library.hpp"
#include "read/walk.hpp"

namespace docx {

// Listens to the document's main story; lists have `most` entries at most, numbers count all.
class Survey : public Listener {
 public:
  Survey(const ooxml::Package& package, const ooxml::Part& part, const Library& library, std::size_t most)
      : m_package(package), m_part(part), m_library(library), m_most(most) {}

  nlohmann::json answer() const;

  void paragraph(std::size_t number) override;
  void piece(std::string_view text, const PieceLook& look) override;
  void end_paragraph(const ParagraphLook& look) override;
  void table(std::string_view style) override;
  void end_table() override;
  void row(Change change, bool header) override;
  void end_row() override;
  void cell(const CellLook& look) override;
  void picture(const Picture& picture) override;
  void note(bool end, std::string_view id) override;
  void comment(Anchor anchor, std::string_view id) override;
  void field(std::string_view instruction) override;
  void section(const SectionLook& section) override;
  void change(const ChangeLook& change) override;
  void bookmark(std::string_view name) override;

 private:
  struct Table {
    std::string style{};
    std::size_t paragraph = 0;
    int rows = 0, columns = 0, row = 0;
    bool header = false;
    std::vector<std::string> first{};
  };
  void add(const char* list, nlohmann::json item);
  void count(const char* what, std::size_t number = 1) { m_counts[what] += number; }
  nlohmann::json comments() const;
  nlohmann::json styles() const;

  const ooxml::Package& m_package;
  const ooxml::Part& m_part;
  const Library& m_library;
  const std::size_t m_most;
  std::map<std::string, nlohmann::json> m_lists;
  std::map<std::string, std::size_t> m_counts, m_styles, m_left_out;
  std::map<std::string, std::size_t> m_comment_places;
  std::vector<std::string> m_texts;  // of open paragraphs, their begins
  std::vector<std::size_t> m_numbers;
  std::vector<Table> m_tables;
  bool m_in_word = false;
};

}  // namespace docx
