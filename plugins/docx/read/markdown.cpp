// Pieces of one look are joined before marks are put around them, so that a word that Word keeps in five runs has one
// pair of asterisks.
#include "read/markdown.hpp"

#include <algorithm>

namespace docx {

namespace {

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n'; }

// Marks stand at words and not at blanks, otherwise they are none.
std::string marked(const std::string& text, const std::string& begin, const std::string& end) {
  const auto first = std::find_if_not(text.begin(), text.end(), is_space);
  const auto last = std::find_if_not(text.rbegin(), text.rend(), is_space).base();
  if (first >= last) return text;
  return std::string(text.begin(), first) + begin + std::string(first, last) + end + std::string(last, text.end());
}

void replace_all(std::string& text, std::string_view what, std::string_view with) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size()))
    text.replace(at, what.size(), with);
}

}  // namespace

std::string plain_markdown(std::string_view text, bool at_begin) {
  constexpr std::string_view special = "\\*`[]<";
  std::string all;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool heads = at_begin && i == 0 && (c == '#' || c == '>' || c == '+' || c == '-');
    const bool underline =
        c == '_' && (i == 0 || i + 1 == text.size() || is_space(text[i - 1]) || is_space(text[i + 1]));
    if (heads || underline || special.find(c) != std::string_view::npos) all += '\\';
    all += c;
  }
  // "1. " at the begin would be an item of a list.
  const auto digits = all.find_first_not_of("0123456789");
  if (at_begin && digits != 0 && digits != std::string::npos && digits + 1 < all.size() && all[digits] == '.' &&
      all[digits + 1] == ' ')
    all.insert(digits, "\\");
  return all;
}

bool Markdown::shows(Change change) const {
  if (m_options.revisions == Revisions::shown) return true;
  return m_options.revisions == Revisions::accepted ? !is_gone(change) : !is_new(change);
}

bool Markdown::shows(const PieceLook& look) const {
  if (m_options.revisions == Revisions::shown) return true;
  return m_options.revisions == Revisions::accepted ? !look.gone : !look.fresh;
}

bool Markdown::joins_next(Change mark) const { return m_options.revisions != Revisions::shown && !shows(mark); }

void Markdown::paragraph(std::size_t) { m_pieces.emplace_back(); }

void Markdown::piece(std::string_view text, const PieceLook& look) {
  if (m_pieces.empty() || !shows(look)) return;
  PieceLook its = look;
  if (look.before && m_options.revisions == Revisions::rejected) its.format = *look.before;
  its.before.reset();
  if (its.format.hidden) return;
  if (m_truncated || m_waiting > m_options.most) return;  // more than will ever be told
  m_waiting += text.size();
  auto& pieces = m_pieces.back();
  if (!pieces.empty() && !pieces.back().raw && pieces.back().look == its)
    pieces.back().text += text;
  else
    pieces.push_back({std::string(text), std::move(its), false});
}

void Markdown::add_raw(std::string text) {
  if (m_pieces.empty()) return;
  m_pieces.back().push_back({std::move(text), {}, true});
}

std::string Markdown::styled(const Piece& piece) const {
  std::string text = plain_markdown(piece.text, false);
  const Format& format = piece.look.format;
  if (format.strike) text = marked(text, "~~", "~~");
  if (format.italic) text = marked(text, "*", "*");
  if (format.bold) text = marked(text, "**", "**");
  std::string target = piece.look.link.empty() ? std::string() : m_target(piece.look.link);
  if (target.empty() && !piece.look.anchor.empty()) target = "#" + piece.look.anchor;
  replace_all(target, ")", "%29");
  replace_all(target, " ", "%20");
  if (!target.empty()) text = marked(text, "[", "](" + target + ")");
  if (m_options.revisions != Revisions::shown) return text;
  if (is_new(piece.look.change)) return "{++" + text + "++}";
  return is_gone(piece.look.change) ? "{--" + text + "--}" : text;
}

std::string Markdown::inline_text(const std::vector<Piece>& pieces) const {
  std::string all;
  for (const auto& piece : pieces) all += piece.raw ? piece.text : styled(piece);
  return all;
}

// "## ", "- ", "1. "; what stands before a paragraph's text.
std::string Markdown::prefix_of(const ParagraphLook& look) {
  const int own = look.outline >= 0 && look.outline < 9 ? look.outline + 1 : 0;
  if (const int heading = own > 0 ? own : m_library.styles.heading(look.style))
    return std::string(static_cast<std::size_t>(std::min(heading, 6)), '#') + " ";
  int numbering = look.numbering, level = look.level;
  if (numbering < 0) {
    const Style* style = m_library.styles.numbered(look.style);
    if (style) numbering = style->numbering, level = std::max(look.level, style->level);
  }
  if (numbering <= 0) return {};
  level = std::clamp(level, 0, 8);
  const auto* how = m_library.numbering.level(numbering, level);
  if (!how) return {};
  const std::string indent(static_cast<std::size_t>(level) * 4, ' ');
  if (how->format == "bullet") return indent + "- ";
  if (how->format == "none") return {};
  const auto at = m_counts.try_emplace({numbering, level}, how->start - 1).first;
  for (int deeper = level + 1; deeper < 9; ++deeper) m_counts.erase({numbering, deeper});
  return indent + std::to_string(++at->second) + ". ";
}

void Markdown::add(std::string_view text) {
  if (m_truncated) return;
  if (m_text.size() + text.size() > m_options.most) {
    std::size_t room = m_options.most - m_text.size();
    while (room > 0 && (static_cast<unsigned char>(text[room]) & 0xC0) == 0x80) --room;
    text = text.substr(0, room);
    m_truncated = true;
  }
  m_text += text;
}

void Markdown::block(std::string text, bool list) {
  if (m_pieces.empty()) m_waiting = 0;
  if (text.empty()) return;
  if (!m_text.empty()) add(list && m_in_list ? "\n" : "\n\n");
  m_in_list = list;
  add(text);
}

void Markdown::end_paragraph(const ParagraphLook& look) {
  if (m_pieces.empty()) return;
  auto pieces = std::move(m_pieces.back());
  m_pieces.pop_back();
  if (joins_next(look.mark)) {  // what comes next goes on where this one ends
    m_carried.insert(m_carried.end(), pieces.begin(), pieces.end());
    return;
  }
  if (!m_carried.empty()) {
    pieces.insert(pieces.begin(), m_carried.begin(), m_carried.end());
    m_carried.clear();
  }
  std::string text = inline_text(pieces);
  while (!text.empty() && is_space(text.back())) text.pop_back();
  if (m_options.revisions == Revisions::shown && look.mark != Change::none)
    text += is_new(look.mark) ? "{++\xC2\xB6++}" : "{--\xC2\xB6--}";
  if (!m_tables.empty()) {
    if (!text.empty()) m_tables.back().cell.push_back(std::move(text));
    return;
  }
  if (text.empty()) return;
  const std::string prefix = prefix_of(look);
  if (prefix.empty()) text = (text[0] == '#' || text[0] == '>' || text[0] == '+' || text[0] == '-' ? "\\" : "") + text;
  replace_all(text, "\n", prefix.empty() || prefix[0] == '#' ? "  \n" : "  \n    ");
  const bool list = !prefix.empty() && prefix[0] != '#';
  block(prefix + text, list);
}

void Markdown::table(std::string_view) { m_tables.emplace_back(); }

void Markdown::row(Change change, bool) {
  if (m_tables.empty()) return;
  m_tables.back().skip = !shows(change);
  m_tables.back().rows.emplace_back();
}

void Markdown::cell(const CellLook& look) {
  if (m_tables.empty()) return;
  m_tables.back().cell.clear();
  m_tables.back().span = std::clamp(look.span, 1, 63);
  m_tables.back().skip_cell = !shows(look.change);
}

void Markdown::end_cell() {
  if (m_tables.empty() || m_tables.back().rows.empty()) return;
  Table& table = m_tables.back();
  if (table.skip_cell) return table.cell.clear();
  std::string text;
  for (const auto& one : table.cell) text += (text.empty() ? "" : "<br>") + one;
  replace_all(text, "\n", "<br>");
  replace_all(text, "|", "\\|");
  table.rows.back().push_back(std::move(text));
  for (int more = 1; more < table.span; ++more) table.rows.back().emplace_back();
  table.cell.clear();
}

void Markdown::end_row() {
  if (m_tables.empty() || m_tables.back().rows.empty()) return;
  if (m_tables.back().skip || m_tables.back().rows.back().empty()) m_tables.back().rows.pop_back();
}

// A table within a cell becomes lines of that cell.
void Markdown::end_table() {
  if (m_tables.empty()) return;
  const Table table = std::move(m_tables.back());
  m_tables.pop_back();
  if (!m_tables.empty()) {
    for (const auto& row : table.rows) {
      std::string line;
      for (const auto& one : row) line += (line.empty() ? "" : " / ") + one;
      if (!line.empty()) m_tables.back().cell.push_back(std::move(line));
    }
    return;
  }
  std::size_t columns = 0;
  for (const auto& row : table.rows) columns = std::max(columns, row.size());
  if (columns == 0) return;
  std::string text;
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    text += i == 0 ? "|" : "\n|";
    for (std::size_t column = 0; column < columns; ++column)
      text += " " + (column < table.rows[i].size() ? table.rows[i][column] : std::string()) + " |";
    if (i == 0) {
      text += "\n|";
      for (std::size_t column = 0; column < columns; ++column) text += " --- |";
    }
  }
  block(std::move(text), false);
}

void Markdown::picture(const Picture& picture) {
  const std::string& words = picture.description.empty() ? picture.name : picture.description;
  std::string target = m_target(picture.relation.empty() ? picture.linked : picture.relation);
  if (target.empty() && words.empty()) return;
  add_raw("![" + plain_markdown(words, false) + "](" + target + ")");
}

void Markdown::note(bool end, std::string_view id) {
  const auto& notes = end ? m_library.endnotes : m_library.footnotes;
  const auto at = notes.find(std::string(id));
  if (at == notes.end()) return;
  const std::string label = (end ? "e" : "") + std::string(id);
  m_notes[label] = at->second;
  add_raw("[^" + label + "]");
}

void Markdown::comment(Anchor anchor, std::string_view id) {
  if (!m_options.comments || anchor != Anchor::reference) return;
  if (const Comment* one = m_library.comment(id)) add_raw("{>>" + one->author + ": " + one->text + "<<}");
}

std::string Markdown::finish() {
  for (const auto& [label, text] : m_notes) {
    std::string note = text;
    replace_all(note, "\n", "\n    ");
    block("[^" + label + "]: " + note, true);
  }
  if (!m_text.empty() && !m_truncated) m_text += '\n';
  return std::move(m_text);
}

}  // namespace docx
