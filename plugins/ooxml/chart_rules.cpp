// Facts of a chart's plot are gathered while it is read; what needs all of them is told at the end of the plot area.
#include "chart_rules.hpp"

#include <charconv>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "names.hpp"

namespace ooxml {

namespace {

namespace c = names::c;

constexpr std::size_t most_kept = 65536;  // axes, series: what is remembered of a chart
constexpr std::size_t deepest = 64;       // elements around that are remembered

std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t value = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

bool axis(Name name) { return name == c::catAx || name == c::valAx || name == c::dateAx || name == c::serAx; }

class ChartReader : public Handler {
 public:
  explicit ChartReader(const Reading& reading) : m_reading(reading) {}

  void start(const Start& element) override {
    Name parent = m_open.empty() ? Name{} : m_open.back();
    if (m_open.size() < deepest) m_open.push_back(element.name);
    ++m_depth;
    if (element.name == c::axId) {
      axis_id(parent, element);
    } else if (element.name == c::crossAx) {
      keep(m_crossed, element);
    } else if (element.name == c::idx && parent == c::ser) {
      series(m_indexes, element, "idx");
    } else if (element.name == c::order && parent == c::ser) {
      series(m_orders, element, "order");
    } else if (element.name == c::ptCount) {
      m_count = number(element.value(names::none::val));
    } else if (element.name == c::pt) {
      point(element);
    } else if (element.name == c::numCache || element.name == c::strCache || element.name == c::lvl) {
      if (element.name != c::lvl) m_count.reset();
      m_point.reset();
    }
  }

  void text(std::string_view text) override { (void)text; }

  void end(const Start& element) override {
    if (m_depth == m_open.size()) m_open.pop_back();
    --m_depth;
    if (element.name == c::plotArea) plot();
    if (element.name == c::multiLvlStrCache) m_count.reset();
  }

 private:
  struct Mention {
    std::uint64_t id;
    std::string path;
    std::size_t line;
  };

  void mind(std::string path, std::size_t line, Severity severity, std::string code, std::string message,
            std::string name, std::string remedy) const {
    Finding finding{severity, Layer::rule, std::move(code), m_reading.part.name, std::move(path)};
    finding.line = line;
    finding.message = std::move(message);
    finding.name = std::move(name);
    finding.remedy = std::move(remedy);
    m_reading.findings.add(std::move(finding));
  }
  void here(Severity severity, std::string code, std::string message, std::string name, std::string remedy) const {
    mind(m_reading.position.path(), m_reading.position.line(), severity, std::move(code), std::move(message),
         std::move(name), std::move(remedy));
  }

  void keep(std::vector<Mention>& mentions, const Start& element) {
    std::optional<std::uint64_t> id = number(element.value(names::none::val));
    if (!id || mentions.size() >= most_kept) return;
    mentions.push_back({*id, m_reading.position.path(), m_reading.position.line()});
  }

  void axis_id(Name parent, const Start& element) {
    if (!axis(parent)) return keep(m_used, element);
    std::optional<std::uint64_t> id = number(element.value(names::none::val));
    if (!id || m_axes.size() >= most_kept || m_axes.insert(*id).second) return;
    here(Severity::repaired, "duplicate-axis", "Two axes have the id " + std::to_string(*id) + ".", "val",
         "Give each axis an id of its own.");
  }

  void series(std::set<std::uint64_t>& seen, const Start& element, const char* what) {
    std::optional<std::uint64_t> id = number(element.value(names::none::val));
    if (!id || seen.size() >= most_kept || seen.insert(*id).second) return;
    here(Severity::hint, "duplicate-series",
         "Two series have the same " + std::string(what) + ", " + std::to_string(*id) + ".", "val",
         "Number the series of a chart one after the other.");
  }

  void point(const Start& element) {
    std::optional<std::uint64_t> index = number(element.value(names::none::idx));
    if (!index) return;
    if (m_count && *index >= *m_count) {
      here(Severity::hint, "point-index",
           "The point " + std::to_string(*index) + " is beyond the " + std::to_string(*m_count) +
               " that are said to be there.",
           "idx", "Let ptCount say how many points there are.");
    } else if (m_point && *index <= *m_point) {
      here(Severity::hint, "point-order", "The point " + std::to_string(*index) + " comes too late.", "idx",
           "Put the points in the order of their indexes, each once.");
    }
    m_point = index;
  }

  // An axis 0 that is not there is how Office says that a chart in three dimensions has no third one.
  void plot() {
    for (const Mention& one : m_used) {
      if (one.id != 0 && !m_axes.contains(one.id)) missing(one, "A chart uses the axis ");
    }
    for (const Mention& one : m_crossed) {
      if (!m_axes.contains(one.id)) missing(one, "An axis crosses the axis ");
    }
    m_axes.clear();
    m_used.clear();
    m_crossed.clear();
    m_indexes.clear();
    m_orders.clear();
  }
  void missing(const Mention& one, const char* who) const {
    mind(one.path, one.line, Severity::repaired, "missing-axis", who + std::to_string(one.id) + ", which is not there.",
         "val", "Name an axis of the same plot area.");
  }

  Reading m_reading;
  std::vector<Name> m_open;
  std::size_t m_depth = 0;
  std::set<std::uint64_t> m_axes, m_indexes, m_orders;
  std::vector<Mention> m_used, m_crossed;
  std::optional<std::uint64_t> m_count, m_point;
};

}  // namespace

std::unique_ptr<Handler> chart_rules(const Reading& reading) { return std::make_unique<ChartReader>(reading); }

}  // namespace ooxml
