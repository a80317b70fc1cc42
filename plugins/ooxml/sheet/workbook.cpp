// The workbook: its sheets and names.
#include <algorithm>
#include <string>

#include "names.hpp"
#include "sheet/reader.hpp"

namespace ooxml::sheet {

namespace {

namespace n = names::none;
namespace s = names::s;

class WorkbookReader : public PartReader {
 public:
  WorkbookReader(const Reading& reading, Facts& book) : PartReader(reading, book) { facts.has_workbook = true; }

 private:
  int home_here() const override { return 1; }

  void open(const Start& element) override {
    switch (key(element.name)) {
      case key(s::sheet):
        if (up(1) == s::sheets) sheet(element);
        break;
      case key(s::workbookView): view(element); break;
      case key(s::definedName): name(element); break;
      case key(s::pivotCache): {
        std::uint32_t id = 0;
        if (read_number(element.value(n::cacheId), id)) facts.pivot_caches.insert(id);
        break;
      }
      default: break;
    }
  }

  void words(std::string_view text) override { m_named |= !trimmed(text).empty(); }

  void close(const Start& element) override {
    if (element.name == s::sheets) sheets();
    if (element.name == s::definedName && !m_named)
      tell.mind(Severity::repaired, "empty-name", "A name that means nothing is none.", "",
                "Say what it means, or take it away.");
  }

  void sheet(const Start& element) {
    SheetEntry entry;
    std::string_view called = element.value(n::name), state = element.value(n::state);
    entry.name = folded(called);
    read_number(element.value(n::sheetId), entry.id);
    const Relationship* relation = tell.reading().part.relation(element.value(names::r::id));
    if (relation != nullptr && !relation->external) entry.part = relation->target;
    if (relation != nullptr && relation->external) {
      tell.mind(Severity::refused, "external-sheet", "A sheet is a part of the file, and this one lies outside.",
                "r:id");
    }
    entry.hidden = state == "hidden" || state == "veryHidden";
    called_well(called);
    if (!entry.part.empty() && facts.sheet_of(entry.part) != nullptr) {
      tell.mind(Severity::refused, "shared-sheet", "Another sheet is the same part.", "r:id",
                "Give each a part of its own.");
    }
    facts.sheets.push_back(std::move(entry));
  }

  void called_well(std::string_view called) const {
    constexpr std::string_view not_allowed = "[]:*?/\\";
    auto wrong = [this](std::string message) {
      tell.object(Severity::refused, "bad-sheet-name", std::move(message), "name",
                  "Use up to 31 characters without [ ] : * ? / \\, and no ' at the ends.");
    };
    std::size_t at = called.find_first_of(not_allowed);
    if (at != called.npos) return wrong(std::string("A sheet's name may not hold ") + called[at] + ".");
    if (!called.empty() && called.front() == '\'') return wrong("A sheet's name may not begin with '.");
    if (!called.empty() && called.back() == '\'')
      return tell.mind(Severity::refused, "bad-sheet-name", "A sheet's name may not end with '.", "name");
    if (folded(called) == "history")
      tell.mind(Severity::repaired, "bad-sheet-name", "\"History\" is a name that Excel keeps for itself.", "name",
                "Call the sheet something else.");
  }

  void sheets() const {
    bool visible = std::any_of(facts.sheets.begin(), facts.sheets.end(), [](const auto& one) { return !one.hidden; });
    if (!visible && !facts.sheets.empty())
      tell.mind(Severity::refused, "no-visible-sheet", "All sheets are hidden, and one must be seen.", "",
                "Take \"state\" from one of them.");
    for (auto [index, where] : m_active) {
      if (index >= facts.sheets.size())
        tell.at(where, 0, Layer::rule, Severity::repaired, "bad-active-tab",
                "The active tab is number " + std::to_string(index) + ", and there are " +
                    std::to_string(facts.sheets.size()) + " sheets.",
                "activeTab", "Give the number of a sheet that is there, from zero.");
    }
  }

  void view(const Start& element) {
    std::uint32_t index = 0;
    if (read_number(element.value(n::activeTab), index) && index != 0 && m_active.size() < 16) {
      m_active.emplace_back(index, tell.reading().position.path());
    }
  }

  void name(const Start& element) {
    m_named = false;
    std::string_view called = element.value(n::name), local_sheet = element.value(n::localSheetId);
    if (called.empty()) return;
    std::uint32_t index = 0;
    bool is_local = local_sheet.data() != nullptr && read_number(local_sheet, index);
    if (is_local && index >= facts.sheets.size())
      tell.mind(Severity::repaired, "missing-sheet", "There is no sheet number " + std::string(local_sheet) + ".",
                "localSheetId", "Give the number of a sheet that is there, from zero.");
    bool builtin = called.substr(0, 6) == "_xlnm.";
    bool function = is_true(element.value(n::function)) || is_true(element.value(n::vbProcedure));
    if (!builtin && !function && !is_defined_name(called))
      tell.mind(Severity::repaired, "bad-name", "\"" + std::string(called.substr(0, 80)) + "\" cannot be a name.",
                "name", "Names begin with a letter or _, hold letters, digits, _ and ., and do not look like a cell.");
    std::string whole = folded(called);
    if (again(key(s::definedName), whole + "\n" + (is_local ? std::to_string(index) : "")))
      tell.mind(Severity::repaired, "duplicate-name", "The name \"" + std::string(called) + "\" is there twice.",
                "name", "Keep one of them.");
    if (!is_local && facts.book_names.size() < most_kept) facts.book_names.emplace(whole, "");
  }

  std::vector<std::pair<std::uint32_t, std::string>> m_active;
  bool m_named = false;
};

}  // namespace

std::unique_ptr<Handler> workbook_reader(const Reading& reading, Facts& facts) {
  return std::make_unique<WorkbookReader>(reading, facts);
}

}  // namespace ooxml::sheet
