// Found by their relationships, and each read for the few words that say what it is.
#include "drawings.hpp"

#include "gather.hpp"
#include "names.hpp"
#include "reading.hpp"

namespace xlsx {

namespace s = ooxml::names::s;
namespace c = ooxml::names::c;
namespace a = ooxml::names::a;
namespace none = ooxml::names::none;
using nlohmann::json;

namespace {

class ChartReader : public Gather {
 public:
  json told() const {
    json all{{"types", m_types}, {"series", m_series}};
    if (!m_title.empty()) all["title"] = m_title;
    all["references"] = m_references;
    return all;
  }

 private:
  void begun(const ooxml::Start& element) override {
    if (element.name == c::title && m_title_depth == 0) m_title_depth = element.depth;
    if (element.name == c::ser) ++m_series;
    if (element.name.space != c::ser.space || !element.local.ends_with("Chart") || m_types.size() >= 10) return;
    m_types.push_back(clipped(element.local.substr(0, element.local.size() - 5)));
  }
  void ended(const ooxml::Start& element, const std::string& text) override {
    if (element.name == a::t && m_title_depth > 0 && m_titles == 0 && m_title.size() < 300)
      m_title += clipped(text, 300);
    if (element.name == c::f && m_references.size() < 100) m_references.push_back(clipped(text));
    if (element.name != c::title || element.depth != m_title_depth) return;
    m_titles = 1;  // the first is the chart's own; those of its axes come later
    m_title_depth = 0;
  }
  json m_types = json::array(), m_references = json::array();
  std::string m_title;
  std::size_t m_series = 0, m_title_depth = 0, m_titles = 0;
};

class PivotReader : public Gather {
 public:
  explicit PivotReader(json& to) : m_to(to) {}

 private:
  void begun(const ooxml::Start& element) override {
    if (element.name == s::pivotTableDefinition) m_to["name"] = clipped(element.value(none::name));
    if (element.name == s::location) m_to["location"] = clipped(element.value(none::ref));
    if (element.name == s::dataField && ++m_values <= 100) m_to["values"].push_back(clipped(element.value(none::name)));
    if (element.name != s::worksheetSource) return;
    json source = json::object();
    if (element.has(none::sheet)) source["sheet"] = clipped(element.value(none::sheet));
    if (element.has(none::ref)) source["range"] = clipped(element.value(none::ref));
    if (element.has(none::name)) source["name"] = clipped(element.value(none::name));
    m_to["source"] = std::move(source);
  }
  json& m_to;
  std::size_t m_values = 0;
};

class CommentCounter : public Gather {
 public:
  std::size_t count = 0;

 private:
  void begun(const ooxml::Start& element) override {
    count += element.name == s::comment || element.local == "threadedComment";
  }
};

json chart(const ooxml::Package& package, const ooxml::Part& part) {
  ChartReader reader;
  read_part(package, part, reader);
  json all = reader.told();
  all["part"] = part.name;
  return all;
}

// What the cache of a pivot table says of its source; several may have the same.
const json& source_of(const ooxml::Package& package, const ooxml::Part& cache, Budget& budget) {
  const auto [at, is_new] = budget.sources.try_emplace(&cache, json::object());
  if (is_new) {
    PivotReader reader(at->second);
    read_part(package, cache, reader);
  }
  return at->second;
}

json pivot(const ooxml::Package& package, const ooxml::Part& part, Budget& budget) {
  json all{{"part", part.name}};
  PivotReader reader(all);
  read_part(package, part, reader);
  const auto* const cache = related(package, part, "pivotCacheDefinition");
  if (cache) all.update(source_of(package, *cache, budget));
  return all;
}

void drawing(const ooxml::Package& package, const ooxml::Part& part, json& all, Budget& budget) {
  for (const auto& relation : part.relations) {
    const auto* const target = relation.external ? nullptr : package.part(relation.target);
    const bool is_chart = relation.type == "chart" || relation.type == "chartEx";
    if (!target || (!is_chart && relation.type != "image")) continue;
    if ((is_chart && !budget.first(*target)) || !Budget::take(budget.drawn)) continue;
    if (is_chart)
      all["charts"].push_back(chart(package, *target));
    else
      all["images"].push_back({{"part", target->name}, {"bytes", package.archive().entries()[target->entry].size}});
  }
}

void add(const ooxml::Package& package, std::string_view type, const ooxml::Part& part, json& all, Budget& budget) {
  if (type == "drawing") return drawing(package, part, all, budget);
  if (!Budget::take(budget.drawn)) return;
  if (type == "pivotTable") return all["pivots"].push_back(pivot(package, part, budget));
  CommentCounter counter;
  read_part(package, part, counter);
  all[type == "comments" ? "comments" : "threaded_comments"] = counter.count;
}

bool is_drawn(std::string_view type) {
  return type == "drawing" || type == "pivotTable" || type == "comments" || type == "threadedComment";
}

}  // namespace

json drawn(const ooxml::Package& package, const Sheet& sheet, Budget& budget) {
  json all = json::object();
  for (const auto& relation : sheet.part->relations) {
    const auto* const part = relation.external ? nullptr : package.part(relation.target);
    if (part && is_drawn(relation.type) && budget.first(*part)) add(package, relation.type, *part, all, budget);
  }
  return all;
}

}  // namespace xlsx
