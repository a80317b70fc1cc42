// What is open decides what a name means: "ins" around runs is new text, in the properties of a paragraph's mark a new
// paragraph, in those of a row a new row.
#include "read/walk.hpp"

#include <algorithm>

#include "read/keys.hpp"

namespace docx {

namespace n = ooxml::names;
using ooxml::Start;

namespace {

Change change_of(std::uint32_t name) {
  switch (name) {
    case key(n::w::ins): return Change::inserted;
    case key(n::w::del): return Change::deleted;
    case key(n::w::moveFrom): return Change::moved_away;
    case key(n::w::moveTo): return Change::moved_here;
    default: return Change::none;
  }
}

bool is_old_look(std::uint32_t name) {
  switch (name) {
    case key(n::w::rPrChange):
    case key(n::w::pPrChange):
    case key(n::w::sectPrChange):
    case key(n::w::tblPrChange):
    case key(n::w::tblPrExChange):
    case key(n::w::trPrChange):
    case key(n::w::tcPrChange):
    case key(n::w::tblGridChange):
    case key(n::w::numberingChange): return true;
    default: return false;
  }
}

void set_format(Format& format, const Start& element) {
  const auto value = element.value(n::w::val);
  switch (key(element.name)) {
    case key(n::w::b): format.bold = is_on(value); break;
    case key(n::w::i): format.italic = is_on(value); break;
    case key(n::w::strike):
    case key(n::w::dstrike): format.strike = is_on(value); break;
    case key(n::w::vanish): format.hidden = is_on(value); break;
    case key(n::w::rStyle): format.style = value; break;
    default: break;
  }
}

// What was inserted and then deleted by somebody else is neither there before nor afterwards.
void set_changes(PieceLook& look, const std::vector<Change>& around) {
  if (!around.empty()) look.change = around.back();
  look.fresh = std::any_of(around.begin(), around.end(), is_new);
  look.gone = std::any_of(around.begin(), around.end(), is_gone);
}

}  // namespace

void Walk::start(const Start& element) {
  const std::uint32_t name = key(element.name);
  m_open.push_back(name);
  m_taking = false;
  if (m_old > 0) return start_old(element);
  if (is_old_look(name)) {
    m_old = 1;
    m_before = name == key(n::w::rPrChange) && parent(2) == key(n::w::r) && !m_stack.empty();
    if (m_before) m_stack.back().run.before = Format{};
    m_listener.change({std::string(element.local), std::string(element.value(n::w::id)),
                       std::string(element.value(n::w::author)), std::string(element.value(n::w::date)), m_paragraphs});
    return;
  }
  if (const Change change = change_of(name); change != Change::none) return start_change(element, change);
  if (name == key(n::w::p)) {
    tell_cell();
    m_stack.emplace_back();
    m_listener.paragraph(++m_paragraphs);
    return;
  }
  switch (parent()) {
    case key(n::w::pPr):
    case key(n::w::numPr): return start_properties(element);
    case key(n::w::rPr): return start_run_property(element);
    case key(n::w::sectPr): return start_section(element);
    case key(n::w::r): return start_run(element);
    case key(n::w::tbl):
    case key(n::w::tblPr):
    case key(n::w::tr):
    case key(n::w::trPr):
    case key(n::w::tc):
    case key(n::w::tcPr): start_table(element); break;
    default: break;
  }
  if (name == key(n::w::tbl)) {
    tell_cell();
    m_tables.emplace_back();
  } else if (element.name.space == n::w::p.space) {
    start_marks(element);
  } else {
    start_picture(element);
  }
}

void Walk::start_change(const Start& element, Change change) {
  m_listener.change({std::string(element.local), std::string(element.value(n::w::id)),
                     std::string(element.value(n::w::author)), std::string(element.value(n::w::date)), m_paragraphs});
  if (parent() == key(n::w::trPr) && !m_tables.empty()) {
    m_tables.back().row = change;
  } else if (parent() == key(n::w::rPr) && parent(2) == key(n::w::pPr) && !m_stack.empty()) {
    m_stack.back().look.mark = change;
  } else if (!m_stack.empty()) {
    m_stack.back().changes.push_back(change);
  }
}

void Walk::end_change() {
  const bool of_text = parent() != key(n::w::trPr) && (parent() != key(n::w::rPr) || parent(2) != key(n::w::pPr));
  if (!of_text || m_stack.empty() || m_stack.back().changes.empty()) return;
  m_stack.back().changes.pop_back();
}

void Walk::start_properties(const Start& element) {
  if (m_stack.empty()) return;
  ParagraphLook& look = m_stack.back().look;
  const auto value = element.value(n::w::val);
  switch (key(element.name)) {
    case key(n::w::pStyle): look.style = value; break;
    case key(n::w::outlineLvl): look.outline = static_cast<int>(number(value, -1)); break;
    case key(n::w::numId): look.numbering = static_cast<int>(number(value, -1)); break;
    case key(n::w::ilvl): look.level = static_cast<int>(number(value, 0)); break;
    case key(n::w::sectPr): m_section = {}; break;
    default: break;
  }
}

void Walk::start_run_property(const Start& element) {
  if (!m_stack.empty() && parent(2) == key(n::w::r)) set_format(m_stack.back().run.format, element);
}

// In what properties were before: rPrChange holds an rPr, and that what counts.
void Walk::start_old(const Start& element) {
  constexpr std::size_t in_properties = 2;
  if (m_before && m_old == in_properties && !m_stack.empty()) set_format(*m_stack.back().run.before, element);
  ++m_old;
}

void Walk::start_run(const Start& element) {
  switch (key(element.name)) {
    case key(n::w::t):
    case key(n::w::delText): m_taking = true; break;
    case key(n::w::instrText):
    case key(n::w::delInstrText): m_instruction = true; break;
    case key(n::w::tab):
    case key(n::w::ptab): say("\t"); break;
    case key(n::w::br):
    case key(n::w::cr): say("\n"); break;
    case key(n::w::noBreakHyphen): say("\xE2\x80\x91"); break;
    case key(n::w::fldChar): fields(element.value(n::w::fldCharType)); break;
    case key(n::w::footnoteReference): m_listener.note(false, element.value(n::w::id)); break;
    case key(n::w::endnoteReference): m_listener.note(true, element.value(n::w::id)); break;
    case key(n::w::commentReference): m_listener.comment(Anchor::reference, element.value(n::w::id)); break;
    case key(n::w::drawing):
    case key(n::w::pict):
    case key(n::w::object): m_picture = {}; break;
    default: break;
  }
}

// What may stand in many places: around runs, between paragraphs.
void Walk::start_marks(const Start& element) {
  switch (key(element.name)) {
    case key(n::w::r):
      if (m_stack.empty()) break;
      m_stack.back().run = {};
      set_changes(m_stack.back().run, m_stack.back().changes);
      m_stack.back().run.link = m_stack.back().link;
      m_stack.back().run.anchor = m_stack.back().anchor;
      break;
    case key(n::w::hyperlink):
      if (m_stack.empty()) break;
      m_stack.back().link = element.value(n::r::id);
      m_stack.back().anchor = element.value(n::w::anchor);
      break;
    case key(n::w::fldSimple): m_listener.field(element.value(n::w::instr)); break;
    case key(n::w::commentRangeStart): m_listener.comment(Anchor::begin, element.value(n::w::id)); break;
    case key(n::w::commentRangeEnd): m_listener.comment(Anchor::end, element.value(n::w::id)); break;
    case key(n::w::bookmarkStart): m_listener.bookmark(element.value(n::w::name)); break;
    case key(n::w::sectPr): m_section = {}; break;
    case key(n::w::footnote):
    case key(n::w::endnote): m_listener.item(false, element.value(n::w::id), element.value(n::w::type)); break;
    case key(n::w::comment): m_listener.item(true, element.value(n::w::id), element.value(n::w::author)); break;
    default: break;
  }
}

void Walk::say(std::string_view text) {
  if (m_stack.empty()) return;
  for (std::size_t i = 0; i < m_results.size(); ++i) {
    if (!m_results[i]) return;  // of an instruction
  }
  m_listener.piece(text, m_stack.back().run);
}

void Walk::text(std::string_view text) {
  if (m_old > 0) return;
  if (m_taking)
    say(text);
  else if (m_instruction && !m_instructions.empty() && m_instructions.back().size() < 4096)
    m_instructions.back() += text;
}

// A document may have more ends than begins, and fields that never end.
void Walk::fields(std::string_view type) {
  constexpr std::size_t deepest = 64;
  if (type == "begin" && m_instructions.size() < deepest) {
    m_instructions.emplace_back();
    m_results.push_back(false);
  } else if (type == "separate" && !m_results.empty()) {
    m_results.back() = true;
  } else if (type == "end" && !m_instructions.empty()) {
    m_listener.field(m_instructions.back());
    m_instructions.pop_back();
    m_results.pop_back();
  }
}

void Walk::end(const Start&) {
  const std::uint32_t name = m_open.back();
  m_taking = m_instruction = false;
  if (m_old > 0) {
    --m_old;
  } else if (change_of(name) != Change::none) {
    end_change();
  } else if (name == key(n::w::p) && !m_stack.empty()) {
    m_listener.end_paragraph(m_stack.back().look);
    m_stack.pop_back();
  } else if (name == key(n::w::hyperlink) && !m_stack.empty()) {
    m_stack.back().link.clear();
    m_stack.back().anchor.clear();
  } else if (name == key(n::w::sectPr)) {
    m_listener.section(m_section);
  } else if (name == key(n::w::tbl) || name == key(n::w::tr) || name == key(n::w::tc)) {
    end_table(name);
  }
  m_open.pop_back();
}

}  // namespace docx
