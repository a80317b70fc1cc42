// Each sheet is read once; the texts of headers are looked up afterwards, all at once.
#include "inspect.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "drawings.hpp"
#include "gather.hpp"
#include "reading.hpp"
#include "survey.hpp"

namespace xlsx {

using berth::Json;

namespace {

constexpr std::size_t most_names_told = 1000, most_formats_told = 200, most_links_told = 1000;

class Inspection {
 public:
  Inspection(const ooxml::serve::Asked& asked, const ooxml::Package& package)
      : m_asked(asked), m_package(package), m_book(read_book(package)), m_calls(m_book) {}

  Json answer() {
    for (std::size_t i = 0; i < m_book.sheets.size(); ++i) look(i);
    find_headers();
    for (const auto& [sheet, columns] : m_columns) m_sheets[sheet]["columns"] = columns.told(m_strings);
    Json all = about();
    all["sheets"] = std::move(m_sheets);
    all["functions"] = m_calls.told();
    all["needs_excel"] = formula::year(m_calls.newest());
    if (m_calls.volatiles() > 0) all["volatile_calls"] = m_calls.volatiles();
    if (m_calls.external > 0) all["external_formulas"] = m_calls.external;
    all["names"] = names();
    all["styles"] = styles();
    all["external"] = external();
    return all;
  }

 private:
  void look(std::size_t number) {
    const Sheet& sheet = m_book.sheets[number];
    Json one{{"name", sheet.name}, {"kind", sheet.kind}};
    if (sheet.state != "visible") one["hidden"] = sheet.state;
    if (sheet.part) one.update(drawn(m_package, sheet, m_budget));
    if (sheet.part && sheet.kind != "chartsheet") survey(number, one);
    m_sheets.push_back(std::move(one));
  }

  void survey(std::size_t number, Json& one) {
    Survey survey(m_book, m_calls, m_budget);
    const auto progress = [&](double done) {
      const double all = static_cast<double>(m_book.sheets.size());
      if (m_asked.progress) m_asked.progress((static_cast<double>(number) + done) / all);
    };
    read_enough(m_package, *m_book.sheets[number].part, survey, m_asked.stop, progress);
    one.update(survey.told());
    one["cells"] = survey.cells;
    one["formulas"] = survey.formulas;
    if (survey.used) one["used"] = formula::name(*survey.used);
    const std::uint32_t header = survey.columns.settle(std::min(Columns::most_told, m_budget.columns));
    if (header != 0) one["header_row"] = header;
    m_budget.columns -= survey.columns.kept();
    if (survey.columns.kept() > 0) m_columns.emplace_back(number, std::move(survey.columns));
    tables(number, one);
  }

  void tables(std::size_t number, Json& one) {
    read_tables(m_package, m_book, number, m_tables, [&](const Table& table) {
      if (m_budget.names < table.columns.size() || !Budget::take(m_budget.drawn)) return;
      m_budget.names -= table.columns.size();
      one["tables"].push_back({{"name", clipped(table.name)},
                               {"range", clipped(table.reference)},
                               {"columns", table.columns},
                               {"totals", table.totals > 0}});
    });
  }

  void find_headers() {
    std::set<std::size_t> wanted;
    for (const auto& [sheet, columns] : m_columns) columns.wanted(wanted);
    if (wanted.empty()) return;
    Strings strings;
    read_strings(m_package, strings);
    for (const std::size_t one : wanted) m_strings.emplace(one, clipped(strings.at(one)));
  }

  Json about() const {
    Json all{{"date_system", m_book.since_1904 ? 1904 : 1900}, {"calculation", m_book.calculation}};
    if (!m_book.application.empty()) all["application"] = m_book.application;
    if (m_book.locked) all["protected"] = true;
    all["macros"] = m_package.macros();
    all["strict"] = m_package.strict();
    if (m_package.is_template()) all["template"] = true;
    return all;
  }

  Json names() const {
    Json all = Json::array();
    for (const auto& name : m_book.names) {
      if (all.size() >= most_names_told) break;
      Json one{{"name", name.name}, {"refers_to", clipped(name.text)}};
      if (name.sheet && *name.sheet < m_book.sheets.size()) one["sheet"] = m_book.sheets[*name.sheet].name;
      if (name.hidden) one["hidden"] = true;
      all.push_back(std::move(one));
    }
    return all;
  }

  Json styles() const {
    const Styles& styles = m_book.styles;
    Json formats = styles.formats, named = styles.named;
    if (formats.size() > most_formats_told) formats.erase(formats.begin() + most_formats_told, formats.end());
    if (named.size() > most_formats_told) named.erase(named.begin() + most_formats_told, named.end());
    return {{"cell_formats", styles.shown.size()},
            {"fonts", styles.fonts},
            {"fills", styles.fills},
            {"borders", styles.borders},
            {"differences", styles.differences},
            {"number_formats", std::move(formats)},
            {"named", std::move(named)}};
  }

  // Whatever leads out of the file.
  Json external() const {
    Json all = Json::array();
    for (const auto& part : m_package.parts()) {
      for (const auto& relation : part.relations) {
        if (!relation.external || all.size() >= most_links_told) continue;
        all.push_back({{"type", relation.type}, {"target", relation.target}, {"part", part.name}});
      }
    }
    return all;
  }

  const ooxml::serve::Asked& m_asked;
  const ooxml::Package& m_package;
  const Book m_book;
  Calls m_calls;
  Budget m_budget;
  TablesSeen m_tables;
  Json m_sheets = Json::array();
  std::vector<std::pair<std::size_t, Columns>> m_columns;  // of sheets that have some
  std::map<std::size_t, std::string> m_strings;
};

}  // namespace

Json inspect(const ooxml::serve::Asked& asked) {
  const auto file = ooxml::serve::opened(asked, "path", ooxml::Kind::sheet);
  return Inspection(asked, *file.package).answer();
}

}  // namespace xlsx
