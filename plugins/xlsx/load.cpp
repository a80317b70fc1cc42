// Names and tables come first, since formulas mean them; then one sheet after the other, read once.
#include "load.hpp"

#include "calc/convert.hpp"
#include "cells.hpp"
#include "gather.hpp"
#include "reading.hpp"
#include "values.hpp"

namespace xlsx {
namespace {

using calc::Place;

constexpr std::size_t most_memory = std::size_t{1} << 30;  // of cells
constexpr std::uint64_t most_filled = 4'000'000;           // cells that array formulas fill

class Loader : public CellReader {
 public:
  Loader(Loaded& to, std::uint32_t sheet, Strings& strings, std::vector<calc::Value>& shared, std::uint64_t& filled)
      : m_to(to), m_sheet(sheet), m_strings(strings), m_shared(shared), m_filled(filled) {}

 private:
  void cell(const CellText& cell) override {
    const Place place{m_sheet, cell.at};
    const bool empty = cell.value.empty() && cell.type == CellType::number;  // as those write it who compute nothing
    const calc::Value value = cell.has_value && !empty ? value_of(cell) : calc::Value();
    ++m_to.cells;
    if (cell.formula_type == "dataTable") leave("a data table", place);
    const bool formula = cell.has_formula && cell.formula_type != "dataTable" && !cell.formula.empty();
    if (!value.is(calc::Type::blank)) m_to.book.set(place, value);
    if (m_to.cells % 4096 == 0) weigh();
    if (!formula && !m_to.book.arrays.empty() && !(m_to.book.anchor(place) == place))
      return m_to.cached.push_back({place, value});  // an array formula of another cell fills it
    if (!formula) return look_at(place, value);
    const auto area = cell.formula_type == "array" ? formula::area(cell.formula_area) : std::nullopt;
    if (!area || !(area->first == cell.at)) {
      m_to.cached.push_back({place, value});
      return m_to.book.set_formula(place, cell.formula);
    }
    const std::uint64_t count = area->rows() * area->columns();
    if (count > most_filled || m_filled + count > most_filled)
      return leave("an array formula over too many cells", place);
    m_filled += count;
    m_to.cached.push_back({place, value});
    m_to.book.set_array(m_sheet, *area, cell.formula);
    weigh();
  }

  void leave(const char* what, Place place) {
    calc::Uncomputed& here = m_to.left[what];
    if (++here.count <= Noted::most) here.cells.push_back(place);
  }
  void weigh() const {
    if (m_to.book.memory() <= most_memory) return;
    throw berth::Error(413, "too_large", "the cells of this workbook need more than 1 GiB of memory",
                       "they lie far apart: look for some that are far away from all others");
  }

  calc::Value value_of(const CellText& cell) {
    switch (cell.type) {
      case CellType::shared: return shared(number_of(cell.value, ~std::size_t{0}));
      case CellType::text: return text_of(cell.value);
      case CellType::date: return date_of(cell.value);
      case CellType::boolean: return cell.value == "1" || cell.value == "true";
      case CellType::error: return calc::fault_of(cell.value).value_or(calc::Fault::value);
      default: break;
    }
    const auto number = number_in(cell.value);
    return number ? calc::Value(*number) : text_of(cell.value);
  }

  calc::Value date_of(std::string_view text) const {
    const auto day = serial(text, m_to.book.since_1904);
    return day ? calc::Value(*day) : text_of(text);
  }

  static calc::Value text_of(std::string_view text) {
    if (text.find("_x") == std::string_view::npos) return text;
    return std::string_view(plain(text));
  }

  // Each shared text is made once.
  calc::Value shared(std::size_t number) {
    if (number >= m_strings.size()) return calc::Fault::value;
    if (m_shared.size() <= number) m_shared.resize(m_strings.size());
    if (m_shared[number].is(calc::Type::blank)) m_shared[number] = text_of(m_strings.at(number));
    return m_shared[number];
  }

  void look_at(Place place, const calc::Value& value) {
    if (!value.is(calc::Type::text) || value.text().empty()) return;
    const std::string_view text = value.text();
    const char first = text.front();
    if (first == '=' && text.size() > 1) {
      m_to.formula_texts.add(place);
    } else if ((first == '-' || first == '+' || first == '.' || (first >= '0' && first <= '9')) &&
               text.find_first_not_of("0123456789+-.,eE%") == std::string_view::npos && calc::number_in(text)) {
      m_to.number_texts.add(place);
    }
  }

  Loaded& m_to;
  const std::uint32_t m_sheet;
  Strings& m_strings;
  std::vector<calc::Value>& m_shared;
  std::uint64_t& m_filled;
};

void add_tables(const ooxml::Package& package, const Book& book, Loaded& to) {
  TablesSeen seen;
  for (std::size_t i = 0; i < book.sheets.size(); ++i) {
    if (book.sheets[i].part == nullptr) continue;
    read_tables(package, book, i, seen, [&](const Table& table) {
      const auto area = formula::area(table.reference);
      if (!area) return;
      calc::Table made{table.name, static_cast<std::uint32_t>(i), *area, table.columns, 1, 0};
      made.header_rows = static_cast<std::uint32_t>(table.headers);
      made.totals_rows = static_cast<std::uint32_t>(table.totals);
      to.book.tables.push_back(std::move(made));
    });
  }
}

void add_names(const Book& book, Loaded& to) {
  for (const DefinedName& one : book.names) {
    const auto sheet =
        one.sheet && *one.sheet < book.sheets.size() ? static_cast<std::uint32_t>(*one.sheet) : calc::Names::none;
    calc::DefinedName made;
    made.name = one.name;
    made.sheet = sheet;
    made.text = one.text;
    to.book.names.push_back(std::move(made));
  }
}

}  // namespace

void Noted::add(Place place) {
  calc::Uncomputed& here = sheets[place.sheet];
  if (++here.count <= most) here.cells.push_back(place);
}

Loaded load(const ooxml::Package& package, const Book& book, const std::function<bool()>& stop,
            const std::function<void(double)>& progress) {
  Loaded made;
  made.book.since_1904 = book.since_1904;
  made.book.iterate = book.iterates;
  for (const Sheet& sheet : book.sheets) made.book.sheets.emplace_back().name = sheet.name;
  add_tables(package, book, made);
  add_names(book, made);
  made.book.finish_names();
  Strings strings;
  read_strings(package, strings);
  std::vector<calc::Value> shared;
  std::uint64_t filled = 0;
  for (std::size_t i = 0; i < book.sheets.size(); ++i) {
    const Sheet& sheet = book.sheets[i];
    if (sheet.part == nullptr || sheet.kind != "worksheet") continue;
    Loader loader(made, static_cast<std::uint32_t>(i), strings, shared, filled);
    read_enough(package, *sheet.part, loader, stop, [&](double done) {
      if (progress) progress((static_cast<double>(i) + done) / static_cast<double>(book.sheets.size()));
    });
  }
  return made;
}

}  // namespace xlsx
