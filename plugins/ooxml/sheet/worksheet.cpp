// A sheet: its cells go to their checks by the shortest way; what lies over them is checked here.
#include "sheet/worksheet.hpp"

#include <algorithm>
#include <map>

#include "names.hpp"

namespace ooxml::sheet {

namespace {

namespace n = names::none;
namespace s = names::s;
namespace x14 = names::x14;
namespace xm = names::xm;

constexpr std::size_t most_listed = 255, most_hint = 255, most_merges = 1'000'000, most_told = 100;

class SheetReader : public PartReader {
 public:
  SheetReader(const Reading& reading, Facts& book) : PartReader(reading, book), m_cells(tell, book) {}

  void start(const Start& element) override {
    if (m_inside == 0) {
      PartReader::start(element);
      if (element.name == s::sheetData) m_inside = 1;
      return;
    }
    if (m_inside > 1 || !in_data(element)) {
      ++m_inside;
      PartReader::start(element);
      if (element.name == s::is) m_cells.rich();
      if (element.name == s::t && up(1) != s::rPh) m_cells.rich_text();
    }
  }

  void text(std::string_view text) override {
    if (m_inside != 0) return m_cells.text(text);
    if (m_wants_text) m_text.append(text.substr(0, most_text - std::min(most_text, m_text.size())));
  }

  void end(const Start& element) override {
    if (m_inside > 1) {
      --m_inside;
      m_cells.leaves();
      return PartReader::end(element);
    }
    if (m_inside == 1) {
      if (element.name == s::c) return m_cells.cell_ends();
      if (element.name == s::row) return;
      if (element.name == s::v || element.name == s::f) return m_cells.leaves();
      m_inside = 0;
      m_cells.ends();
    }
    PartReader::end(element);
  }

 private:
  static constexpr std::size_t most_text = 64 << 10;

  // The few elements that sheets are full of. False: it is another.
  bool in_data(const Start& element) {
    if (element.name == s::c) {
      m_cells.cell(element);
    } else if (element.name == s::v) {
      m_cells.value();
    } else if (element.name == s::f) {
      m_cells.formula(element);
    } else if (element.name == s::row) {
      m_cells.row(element);
    } else {
      return false;
    }
    return true;
  }

  void open(const Start& element) override {
    if (m_inside != 0) return;
    m_wants_text = false;
    switch (key(element.name)) {
      case key(s::mergeCell): return merge(element);
      case key(s::col): return column(element);
      case key(s::dimension): return area(element, n::ref);
      case key(s::hyperlink): return area(element, n::ref);
      case key(s::autoFilter): return area(element, n::ref);
      case key(s::filterColumn): return filter(element);
      case key(s::selection): return areas(element, n::sqref);
      case key(s::protectedRange): return areas(element, n::sqref);
      case key(s::ignoredError): return areas(element, n::sqref);
      case key(s::conditionalFormatting): return areas(element, n::sqref);
      case key(s::dataValidation): return validation(element);
      case key(s::cfRule): return rule(element);
      case key(s::colorScale): return scale_begins();
      case key(s::cfvo): ++m_stops; return;
      case key(s::color): m_colors += up(1) == s::colorScale ? 1 : 0; return;
      case key(s::formula):
        ++m_formulas;
        m_wants_text = true;
        m_text.clear();
        return;
      case key(s::formula1):
      case key(s::formula2):
      case key(xm::sqref):
      case key(xm::f):
        m_wants_text = true;
        m_text.clear();
        return;
      default: return;
    }
  }

  void close(const Start& element) override {
    if (m_inside != 0) return;
    switch (key(element.name)) {
      case key(s::mergeCells): merges(); break;
      case key(s::formula1):
        listed();
        m_formulas += m_text.empty() ? 0 : 1;
        break;
      case key(s::colorScale): scale(); break;
      case key(s::cfRule): rule_ends(); break;
      case key(xm::sqref): check_areas(m_text, "sqref"); break;
      default: break;
    }
    m_wants_text = false;
  }

  static std::string shortened(std::string_view text) { return "\"" + std::string(text.substr(0, 60)) + "\""; }

  void area(const Start& element, Name attribute) const {
    std::string_view text = element.value(attribute);
    Area its;
    if (text.data() != nullptr && !read_area(text, its, true))
      tell.mind(Severity::repaired, "bad-reference", shortened(text) + " are no cells.", "ref",
                "Write them as \"A1:C3\", from the upper left to the lower right, within XFD1048576.");
  }

  void areas(const Start& element, Name attribute) const {
    std::string_view text = element.value(attribute);
    if (!text.empty()) check_areas(text, "sqref");
  }

  void check_areas(std::string_view text, const char* attribute) const {
    if (!read_areas(text))
      tell.mind(Severity::repaired, "bad-reference", shortened(text) + " are no cells.", attribute,
                "Write them as \"A1:C3 E5\", within XFD1048576.");
  }

  void merge(const Start& element) {
    std::string_view text = element.value(n::ref);
    if (text.data() == nullptr) return;
    Area its;
    if (!read_area(text, its)) return area(element, n::ref);
    if (m_merges.size() < most_merges) m_merges.push_back(its);
  }

  void merges() {
    std::string path = tell.reading().position.path();
    for (auto [one, other] : overlaps(m_merges, most_told)) {
      tell.at(path + "/x:mergeCell[" + std::to_string(other + 1) + "]", 0, Layer::rule, Severity::repaired,
              "overlapping-merges",
              "The merged cells " + written(m_merges[other]) + " and " + written(m_merges[one]) + " overlap.", "ref",
              "Merge each cell once.");
    }
    for (const Relationship& relation : tell.reading().part.relations) {
      auto table = facts.tables.find(relation.target);
      if (table == facts.tables.end() || table->second.area.from.row == 0) continue;
      for (std::size_t i = 0; i < m_merges.size(); ++i) {
        if (!m_merges[i].meets(table->second.area)) continue;
        tell.at(path + "/x:mergeCell[" + std::to_string(i + 1) + "]", 0, Layer::rule, Severity::repaired,
                "merge-in-table",
                "The merged cells " + written(m_merges[i]) + " lie in the table \"" + table->second.name + "\".", "ref",
                "Tables have no merged cells: take the merge away.");
        break;
      }
    }
    m_merges = {};
  }

  void column(const Start& element) {
    std::uint32_t from = 0, to = 0;
    if (!read_number(element.value(n::min), from) || !read_number(element.value(n::max), to)) return;
    if (from <= m_column && from != 0)
      tell.mind(Severity::repaired, "overlapping-columns",
                "The columns " + std::to_string(from) + " to " + std::to_string(to) + " come after column " +
                    std::to_string(m_column) + ".",
                "min", "Write each column once, from left to right.");
    m_column = std::max(m_column, to);
  }

  void filter(const Start& element) {
    std::uint32_t index = 0;
    std::string_view text = element.value(n::colId);
    if (read_number(text, index) && index >= last_column)
      tell.mind(Severity::repaired, "bad-filter", "There is no column number " + std::string(text) + ".", "colId");
  }

  void validation(const Start& element) {
    areas(element, n::sqref);
    m_validation = element.value(n::type);
    for (auto [attribute, name] : {std::pair{n::error, "error"}, std::pair{n::prompt, "prompt"}}) {
      if (characters(element.value(attribute)) > most_hint)
        tell.mind(Severity::repaired, "text-too-long", "What Excel says has up to 255 characters.", name,
                  "Make it shorter.");
    }
  }

  // "one,two": what a list lets choose from, written out.
  void listed() const {
    if (m_validation != "list" || m_text.empty() || m_text[0] != '"') return;
    if (characters(m_text) > most_listed + 2)
      tell.mind(Severity::repaired, "list-too-long", "A list that is written out has up to 255 characters.", "",
                "Write it into cells, and name those.");
  }

  void rule(const Start& element) {
    m_rule = element.value(n::type);
    m_formulas = 0;
  }

  void rule_ends() {
    bool wants = m_rule == "expression" || m_rule == "cellIs";
    if (wants && m_formulas == 0)
      tell.mind(Severity::repaired, "missing-formula", "A rule of the type \"" + m_rule + "\" needs a formula.",
                "formula", "Add the formula, or take the rule away.");
  }

  void scale_begins() { m_stops = m_colors = 0; }

  void scale() const {
    if (m_stops != m_colors)
      tell.mind(Severity::repaired, "scale-disagrees",
                "The scale has " + std::to_string(m_stops) + " points and " + std::to_string(m_colors) + " colours.",
                "", "Give each point its colour.");
  }

  CellChecks m_cells;
  std::size_t m_inside = 0;  // sheetData: 1; what stands in its cells: more
  std::vector<Area> m_merges;
  std::uint32_t m_column = 0;
  std::size_t m_formulas = 0, m_stops = 0, m_colors = 0;
  std::string m_validation, m_rule, m_text;
  bool m_wants_text = false;
};

}  // namespace

std::vector<std::pair<std::size_t, std::size_t>> overlaps(const std::vector<Area>& areas, std::size_t most) {
  std::vector<std::size_t> order(areas.size()), ends(areas.size());
  for (std::size_t i = 0; i < areas.size(); ++i) order[i] = ends[i] = i;
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return areas[a].from.row < areas[b].from.row; });
  std::sort(ends.begin(), ends.end(), [&](std::size_t a, std::size_t b) { return areas[a].to.row < areas[b].to.row; });
  // The areas that cross the row that the sweep is at, by their first column: they are apart.
  std::map<std::uint32_t, std::size_t> open;
  std::vector<std::pair<std::size_t, std::size_t>> found;
  std::size_t gone = 0;
  for (std::size_t one : order) {
    const Area& area = areas[one];
    for (; gone < ends.size() && areas[ends[gone]].to.row < area.from.row; ++gone) {
      auto old = open.find(areas[ends[gone]].from.column);
      if (old != open.end() && old->second == ends[gone]) open.erase(old);
    }
    auto after = open.upper_bound(area.to.column);
    bool meets = after != open.begin() && areas[std::prev(after)->second].to.column >= area.from.column;
    if (!meets) {
      open.emplace(area.from.column, one);
      continue;
    }
    std::size_t other = std::prev(after)->second;
    found.emplace_back(std::min(one, other), std::max(one, other));
    if (found.size() >= most) break;
  }
  return found;
}

std::unique_ptr<Handler> sheet_reader(const Reading& reading, Facts& facts) {
  return std::make_unique<SheetReader>(reading, facts);
}

}  // namespace ooxml::sheet
