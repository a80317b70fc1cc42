// Text that was deleted is not counted: what is told is the document as it would be printed.
#include "read/inspect.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace docx {

using nlohmann::json;

namespace {

constexpr std::size_t longest_text = 200;                   // of a heading, of a cell
constexpr std::size_t most_ids = 20'000, longest_id = 256;  // of styles and comments that are remembered

// Counts one more of an id, as long as there is room.
void count_id(std::map<std::string, std::size_t>& all, std::string_view id) {
  if (id.empty() || id.size() > longest_id) return;
  const auto at = all.find(std::string(id));
  if (at != all.end())
    ++at->second;
  else if (all.size() < most_ids)
    all.emplace(std::string(id), 1);
}

void add_some(std::string& to, std::string_view text, std::size_t most) {
  if (to.size() >= most) return;
  std::size_t room = std::min(most - to.size(), text.size());
  while (room < text.size() && room > 0 && (static_cast<unsigned char>(text[room]) & 0xC0) == 0x80) --room;
  to += text.substr(0, room);
}

// One of Chinese, Japanese or Korean is a word by itself; three bytes of UTF-8 from U+2E80 on, or four.
bool is_wide(std::string_view character) {
  const auto first = static_cast<unsigned char>(character[0]);
  return first >= 0xF0 || (first >= 0xE3 && first <= 0xED) ||
         (first == 0xE2 && character.size() > 1 && static_cast<unsigned char>(character[1]) >= 0xBA) ||
         (first == 0xEF && character.size() > 1 && static_cast<unsigned char>(character[1]) >= 0xA4);
}

// To a tenth.
double rounded(double value) { return std::round(value * 10) / 10; }

std::string first_word(std::string_view text) {
  const auto begin = text.find_first_not_of(" \t\n");
  if (begin == std::string_view::npos) return {};
  return std::string(text.substr(begin, text.find_first_of(" \t\n", begin) - begin));
}

}  // namespace

void Survey::add(const char* list, json item) {
  json& all = m_lists[list];
  if (all.is_null()) all = json::array();
  if (all.size() < m_most)
    all.push_back(std::move(item));
  else
    ++m_left_out[list];
}

void Survey::paragraph(std::size_t number) {
  m_texts.emplace_back();
  m_numbers.push_back(number);
  m_in_word = false;
}

void Survey::piece(std::string_view text, const PieceLook& look) {
  if (look.gone) return;
  count_id(m_styles, look.format.style);
  if (!m_texts.empty()) add_some(m_texts.back(), text, longest_text);
  for (std::size_t i = 0; i < text.size();) {
    const auto first = static_cast<unsigned char>(text[i]);
    const std::size_t size = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    const auto character = text.substr(i, size);
    i += size;
    count("characters_with_spaces");
    if (first <= ' ') {
      m_in_word = false;
      continue;
    }
    count("characters");
    if (is_wide(character)) {
      count("words");
      m_in_word = false;
    } else if (!std::exchange(m_in_word, true)) {
      count("words");
    }
  }
}

void Survey::end_paragraph(const ParagraphLook& look) {
  if (m_texts.empty()) return;
  const std::string text = std::move(m_texts.back());
  const std::size_t number = m_numbers.back();
  m_texts.pop_back();
  m_numbers.pop_back();
  m_in_word = false;
  count("paragraphs");
  if (text.empty()) count("empty_paragraphs");
  count_id(m_styles, look.style);
  const int own = look.outline >= 0 && look.outline < 9 ? look.outline + 1 : 0;
  const int level = own > 0 ? own : m_library.styles.heading(look.style);
  if (level > 0 && !text.empty()) {
    count("headings");
    add("outline", {{"level", level}, {"text", text}, {"paragraph", number}, {"style", look.style}});
  }
  const bool by_style = look.numbering < 0 && m_library.styles.numbered(look.style);
  if (look.numbering > 0 || by_style) count("list_items");
  if (!m_tables.empty() && m_tables.back().rows == 1 && !m_tables.back().first.empty())
    add_some(m_tables.back().first.back(), text, longest_text);
}

void Survey::table(std::string_view style) {
  Table table;
  table.style = style;
  table.paragraph = m_numbers.empty() ? m_counts["paragraphs"] + 1 : m_numbers.back();
  m_tables.push_back(std::move(table));
  count_id(m_styles, style);
}

void Survey::row(Change, bool header) {
  if (m_tables.empty()) return;
  Table& table = m_tables.back();
  ++table.rows;
  table.row = 0;
  table.header = table.header || header;
}

void Survey::cell(const CellLook& look) {
  if (m_tables.empty()) return;
  Table& table = m_tables.back();
  table.row += std::clamp(look.span, 1, 63);
  if (table.rows == 1 && table.first.size() < 63) table.first.emplace_back();
}

void Survey::end_row() {
  if (!m_tables.empty()) m_tables.back().columns = std::max(m_tables.back().columns, m_tables.back().row);
}

void Survey::end_table() {
  if (m_tables.empty()) return;
  const Table table = std::move(m_tables.back());
  m_tables.pop_back();
  count("tables");
  add("tables", {{"rows", table.rows},
                 {"columns", table.columns},
                 {"style", table.style},
                 {"header_row", table.header},
                 {"first_row", table.first},
                 {"paragraph", table.paragraph},
                 {"nested", !m_tables.empty()}});
}

void Survey::picture(const Picture& picture) {
  constexpr double emu_of_mm = 36000;
  count("images");
  json item{{"name", picture.name},
            {"description", picture.description},
            {"width_mm", rounded(static_cast<double>(picture.width) / emu_of_mm)},
            {"height_mm", rounded(static_cast<double>(picture.height) / emu_of_mm)},
            {"paragraph", m_numbers.empty() ? 0 : m_numbers.back()}};
  const auto* relation = m_part.relation(picture.relation.empty() ? picture.linked : picture.relation);
  if (relation) {
    item[relation->external ? "link" : "part"] = relation->target;
    const auto* part = relation->external ? nullptr : m_package.part(relation->target);
    if (part) item["type"] = part->content_type;
  }
  add("images", std::move(item));
}

void Survey::note(bool end, std::string_view) { count(end ? "endnotes" : "footnotes"); }

void Survey::comment(Anchor anchor, std::string_view id) {
  if (anchor != Anchor::end && m_comment_places.size() < most_ids && id.size() <= longest_id)
    m_comment_places.try_emplace(std::string(id), m_numbers.empty() ? 0 : m_numbers.back());
}

void Survey::field(std::string_view instruction) {
  count("fields");
  add("fields", {{"kind", first_word(instruction)},
                 {"instruction", instruction},
                 {"paragraph", m_numbers.empty() ? 0 : m_numbers.back()}});
}

void Survey::section(const SectionLook& section) {
  count("sections");
  json headers = json::array(), footers = json::array();
  for (const auto& one : section.references) {
    const auto* relation = m_part.relation(one.relation);
    (one.footer ? footers : headers)
        .push_back({{"type", one.kind}, {"part", relation ? relation->target : std::string()}});
  }
  constexpr double twips_of_mm = 1440 / 25.4;
  const auto mm = [](int twips) { return rounded(twips / twips_of_mm); };
  json item{{"type", section.type.empty() ? "nextPage" : section.type},
            {"orientation", section.orientation.empty() ? "portrait" : section.orientation},
            {"width_mm", mm(section.width)},
            {"height_mm", mm(section.height)}};
  item["margins_mm"] = {{"top", mm(section.top)},
                        {"right", mm(section.right)},
                        {"bottom", mm(section.bottom)},
                        {"left", mm(section.left)}};
  item["columns"] = section.columns;
  item["headers"] = std::move(headers);
  item["footers"] = std::move(footers);
  add("sections", std::move(item));
}

void Survey::change(const ChangeLook& change) {
  count("revisions");
  add("revisions", {{"kind", change.kind},
                    {"id", change.id},
                    {"author", change.author},
                    {"date", change.date},
                    {"paragraph", change.paragraph}});
}

void Survey::bookmark(std::string_view) { count("bookmarks"); }

json Survey::comments() const {
  json all = json::array();
  for (const auto& one : m_library.comments) {
    if (all.size() >= m_most) break;
    json item{{"id", one.id},     {"author", one.author},     {"date", one.date},
              {"text", one.text}, {"resolved", one.resolved}, {"parent", nullptr}};
    if (!one.parent.empty()) item["parent"] = one.parent;
    const auto place = m_comment_places.find(one.id);
    item["paragraph"] = place == m_comment_places.end() ? 0 : place->second;
    all.push_back(std::move(item));
  }
  return all;
}

json Survey::styles() const {
  json all = json::array();
  for (const auto& [id, times] : m_styles) {
    if (all.size() >= m_most) break;
    const Style* style = m_library.styles.find(id);
    all.push_back({{"id", id},
                   {"name", style ? style->name : std::string()},
                   {"type", style ? style->type : std::string()},
                   {"defined", style != nullptr},
                   {"used", times}});
  }
  return all;
}

json Survey::answer() const {
  json answer;
  for (const char* list : {"outline", "tables", "images", "sections", "fields", "revisions"}) {
    const auto at = m_lists.find(list);
    answer[list] = at == m_lists.end() ? json::array() : at->second;
  }
  answer["comments"] = comments();
  answer["styles"] = styles();
  json counts;
  for (const char* what :
       {"paragraphs", "empty_paragraphs", "headings", "list_items", "words", "characters", "characters_with_spaces",
        "tables", "images", "sections", "fields", "revisions", "bookmarks", "footnotes", "endnotes"}) {
    const auto at = m_counts.find(what);
    counts[what] = at == m_counts.end() ? 0 : at->second;
  }
  counts["comments"] = m_library.comments.size();
  answer["counts"] = std::move(counts);
  if (!m_left_out.empty()) answer["left_out"] = m_left_out;
  return answer;
}

}  // namespace docx
