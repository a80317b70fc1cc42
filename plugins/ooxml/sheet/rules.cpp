// The rules of Excel's files: which part is read when, and by whom.
#include "sheet/rules.hpp"

#include <algorithm>
#include <array>

#include "drawing_rules.hpp"
#include "sheet/reader.hpp"

namespace ooxml {

namespace {

using sheet::Facts;

struct KindOfPart {
  std::string_view type;  // of the content, without what all begin and end with
  std::unique_ptr<Handler> (*reader)(const Reading& reading, Facts& facts);
  bool first;  // others need what it says
};

// In the order in which they are read.
constexpr std::array<KindOfPart, 21> kinds = {{
    {"sheet.main", sheet::workbook_reader, true},
    {"template.main", sheet::workbook_reader, true},
    {"sheet.macroEnabled.main", sheet::workbook_reader, true},
    {"template.macroEnabled.main", sheet::workbook_reader, true},
    {"addin.macroEnabled.main", sheet::workbook_reader, true},
    {"styles", sheet::styles_reader, true},
    {"sheetMetadata", sheet::other_reader, true},
    {"connections", sheet::other_reader, true},
    {"table", sheet::table_reader, true},
    {"sharedStrings", sheet::strings_reader, true},
    {"pivotCacheDefinition", sheet::cache_reader, true},
    {"calcChain", sheet::chain_reader, true},
    {"worksheet", sheet::sheet_reader, false},
    {"chartsheet", sheet::sheet_reader, false},
    {"dialogsheet", sheet::sheet_reader, false},
    {"macrosheet", sheet::sheet_reader, false},
    {"intlmacrosheet", sheet::sheet_reader, false},
    {"pivotTable", sheet::pivot_reader, false},
    {"pivotCacheRecords", nullptr, false},
    {"revisionLog", sheet::other_reader, false},
    {"comments", sheet::other_reader, false},
}};

// "application/vnd.openxmlformats-officedocument.spreadsheetml.table+xml": "table".
std::string_view short_type(std::string_view type) {
  for (std::string_view begin :
       {"application/vnd.openxmlformats-officedocument.spreadsheetml.", "application/vnd.ms-excel."}) {
    if (type.substr(0, begin.size()) != begin) continue;
    type.remove_prefix(begin.size());
    constexpr std::string_view end = "+xml";
    if (type.size() > end.size() && type.substr(type.size() - end.size()) == end) type.remove_suffix(end.size());
    return type;
  }
  return {};
}

const KindOfPart* kind_of(const Part& part) {
  std::string_view type = short_type(part.content_type);
  auto found = std::find_if(kinds.begin(), kinds.end(), [&](const KindOfPart& one) { return one.type == type; });
  return found == kinds.end() ? nullptr : &*found;
}

// The part that maps XML; its type says no more than that it is XML.
const Part* maps_of(const Package& package) {
  const Part* book = package.main();
  const Relationship* relation = book == nullptr ? nullptr : book->relation_of("xmlMaps");
  return relation == nullptr || relation->external ? nullptr : package.part(relation->target);
}

class SheetRules : public Domain {
 public:
  std::vector<const Part*> first(const Package& package) override {
    std::vector<std::pair<const KindOfPart*, const Part*>> all;
    for (const Part& part : package.parts()) {
      const KindOfPart* kind = kind_of(part);
      if (kind != nullptr && kind->first) all.emplace_back(kind, &part);
    }
    std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    std::vector<const Part*> parts;
    if (const Part* maps = maps_of(package)) parts.push_back(maps);
    for (const auto& one : all) parts.push_back(one.second);
    return parts;
  }

  std::unique_ptr<Handler> reader(const Reading& reading) override {
    if (reading.package.kind() != Kind::sheet) return nullptr;
    if (const KindOfPart* kind = kind_of(reading.part)) {
      return kind->reader == nullptr ? nullptr : kind->reader(reading, m_facts);
    }
    bool its = !short_type(reading.part.content_type).empty() || maps_of(reading.package) == &reading.part;
    return !its ? drawing_rules(reading) : sheet::other_reader(reading, m_facts);
  }

  void finish(const Package& package, Findings& findings) override { sheet::finish(package, m_facts, findings); }

 private:
  Facts m_facts;
};

}  // namespace

std::unique_ptr<Domain> sheet_rules() { return std::make_unique<SheetRules>(); }

}  // namespace ooxml
