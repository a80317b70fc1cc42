// Tables, pictures and sections. Of a table's row and cell the properties come before their content, so that both are
// told with the first paragraph or table in them.
#include "read/keys.hpp"
#include "read/walk.hpp"

namespace docx {

namespace n = ooxml::names;
using ooxml::Start;

void Walk::start_table(const Start& element) {
  if (m_tables.empty()) return;
  Table& table = m_tables.back();
  switch (key(element.name)) {
    case key(n::w::tblStyle): table.style = element.value(n::w::val); break;
    case key(n::w::tr):
      table.row_told = table.header = false;
      table.row = Change::none;
      break;
    case key(n::w::tblHeader): table.header = is_on(element.value(n::w::val)); break;
    case key(n::w::tc):
      table.cell_told = false;
      table.cell = {};
      break;
    case key(n::w::gridSpan): table.cell.span = static_cast<int>(number(element.value(n::w::val), 1)); break;
    case key(n::w::cellIns): table.cell.change = Change::inserted; break;
    case key(n::w::cellDel): table.cell.change = Change::deleted; break;
    case key(n::w::vMerge): table.cell.merged = element.value(n::w::val) != "restart"; break;
    default: break;
  }
}

void Walk::tell_row() {
  Table& table = m_tables.back();
  if (!table.told) m_listener.table(table.style);
  table.told = true;
  if (!table.row_told) m_listener.row(table.row, table.header);
  table.row_told = true;
}

void Walk::tell_cell() {
  if (m_tables.empty() || m_tables.back().cell_told) return;
  bool in_cell = false;
  for (const auto one : m_open) in_cell = in_cell || one == key(n::w::tc);
  if (!in_cell) return;
  tell_row();
  m_tables.back().cell_told = true;
  m_listener.cell(m_tables.back().cell);
}

void Walk::end_table(std::uint32_t name) {
  if (m_tables.empty()) return;
  Table& table = m_tables.back();
  if (name == key(n::w::tc)) {
    tell_cell();
    m_listener.end_cell();
    table.cell_told = true;
  } else if (name == key(n::w::tr)) {
    tell_row();
    m_listener.end_row();
  } else {
    if (!table.told) m_listener.table(table.style);
    m_listener.end_table();
    m_tables.pop_back();
  }
}

void Walk::start_picture(const Start& element) {
  switch (key(element.name)) {
    case key(n::wp::extent):
      m_picture.width = static_cast<std::uint64_t>(number(element.value(n::none::cx), 0));
      m_picture.height = static_cast<std::uint64_t>(number(element.value(n::none::cy), 0));
      break;
    case key(n::wp::docPr):
      m_picture.name = element.value(n::none::name);
      m_picture.description = element.value(n::none::descr);
      break;
    case key(n::a::blip):
      m_picture.relation = element.value(n::r::embed);
      m_picture.linked = element.value(n::r::link);
      m_listener.picture(m_picture);
      break;
    case key(n::m::t): m_taking = true; break;
    default:
      if (element.local != "imagedata" || element.space != "urn:schemas-microsoft-com:vml") break;
      m_picture.relation = element.value(n::r::id);
      m_listener.picture(m_picture);
      break;
  }
}

void Walk::start_section(const Start& element) {
  const auto size = [&](ooxml::Name name) { return static_cast<int>(number(element.value(name), 0)); };
  switch (key(element.name)) {
    case key(n::w::type): m_section.type = element.value(n::w::val); break;
    case key(n::w::pgSz):
      m_section.width = size(n::w::w);
      m_section.height = size(n::w::h);
      m_section.orientation = element.value(n::w::orient);
      break;
    case key(n::w::pgMar):
      m_section.top = size(n::w::top);
      m_section.right = size(n::w::right);
      m_section.bottom = size(n::w::bottom);
      m_section.left = size(n::w::left);
      break;
    case key(n::w::cols): m_section.columns = static_cast<int>(number(element.value(n::w::num), 1)); break;
    case key(n::w::titlePg): m_section.title_page = is_on(element.value(n::w::val)); break;
    case key(n::w::headerReference):
    case key(n::w::footerReference):
      m_section.references.push_back({key(element.name) == key(n::w::footerReference),
                                      std::string(element.value(n::w::type)), std::string(element.value(n::r::id))});
      break;
    default: break;
  }
}

}  // namespace docx
