// An answer has three lists: what the standard or Office objects to, what rules call an error, and the rest.
#include "serve/verdict.hpp"

#include <array>
#include <berth/call.hpp>
#include <cstdio>
#include <utility>

namespace ooxml::serve {

using nlohmann::json;

namespace {

constexpr std::array<std::string_view, 4> levels{"off", "hint", "warning", "error"};

constexpr std::pair<Office, std::string_view> offices[] = {
    {Office::o2007, "2007"}, {Office::o2010, "2010"}, {Office::o2013, "2013"}, {Office::o2016, "2016"},
    {Office::o2019, "2019"}, {Office::o2021, "2021"}, {Office::o365, "365"}};

json item_of(const Finding& finding, std::string_view severity) {
  json item{{"id", finding.code},   {"severity", severity}, {"layer", name(finding.layer)}, {"part", finding.part},
            {"path", finding.path}, {"line", finding.line}, {"message", finding.message}};
  if (!finding.name.empty()) item["name"] = finding.name;
  if (!finding.expected.empty()) item["expected"] = finding.expected;
  if (!finding.remedy.empty()) item["remedy"] = finding.remedy;
  return item;
}

// A list of an answer, which has so many at most.
struct List {
  std::size_t most;
  json items = json::array();
  void add(const Finding& finding, std::string_view severity) {
    if (items.size() < most) items.push_back(item_of(finding, severity));
  }
};

json stats_of(const Verdict& verdict, std::size_t told) {
  json stats = verdict.stats;
  // Neither no package at all, nor one with a part that is no XML.
  stats["parsed"] = verdict.opened && !verdict.findings.unreadable();
  stats["engine"] = verdict.engine;
  stats["office"] = name(verdict.office);
  json& found = stats["found"];
  for (const auto severity : {Severity::refused, Severity::repaired, Severity::schema, Severity::hint})
    found[std::string(name(severity))] = verdict.findings.count(severity);
  json& ruled = stats["ruled"];
  for (const auto level : {Level::error, Level::warning, Level::hint})
    ruled[std::string(name(level))] = verdict.rulings.count(level);
  const Sums sums = verdict.sums();
  stats["counts"] = {
      {"schema_errors", sums.schema_errors}, {"rule_errors", sums.rule_errors}, {"warnings", sums.warnings}};
  stats["left_out"] = verdict.left_out + sums.schema_errors + sums.rule_errors + sums.warnings - told;
  return stats;
}

// How many a list has, told or not; another engine's answer has no counts, and leaves nothing out.
std::size_t count_of(const json& answer, const char* list) {
  const json& stats = answer.at("stats");
  return stats.contains("counts") ? stats["counts"].at(list).get<std::size_t>() : answer.at(list).size();
}

struct Colours {
  bool on;
  std::string operator()(const char* code, const std::string& text) const {
    return on ? "\x1b[" + std::string(code) + "m" + text + "\x1b[0m" : text;
  }
};

void add_items(std::string& report, const json& items, const char* colour, const Colours& colours) {
  for (const json& item : items) {
    const auto word = [&](const char* field) { return printable(item.value(field, std::string())); };
    const auto line = item.value("line", std::size_t(0));
    report += "  " + word("part") + (line == 0 ? "" : ":" + std::to_string(line)) + "  " +
              colours(colour, word("severity")) + "  " + word("id") + "  " + word("message") + "\n";
    if (!word("path").empty()) report += "      at " + word("path") + "\n";
    if (!word("expected").empty()) report += "      expected: " + word("expected") + "\n";
    if (!word("remedy").empty()) report += "      " + word("remedy") + "\n";
  }
}

std::string counted(std::size_t number, const std::string& what) {
  return std::to_string(number) + " " + what + (number == 1 ? "" : "s");
}

}  // namespace

std::string_view name(Level level) { return levels.at(static_cast<std::size_t>(level)); }

std::optional<Level> level_of(std::string_view name) {
  for (std::size_t i = 0; i < levels.size(); ++i) {
    if (levels.at(i) == name) return static_cast<Level>(i);
  }
  return std::nullopt;
}

bool Rulings::full(Level level) const {
  return (level == Level::error ? count(level) : count(Level::warning) + count(Level::hint)) >= m_most;
}

void Rulings::add(Level level, Finding finding) {
  if (level == Level::off) return;
  finding.layer = Layer::rule;
  const bool keeps = !full(level);
  ++m_counts[static_cast<std::size_t>(level)];
  if (keeps) m_kept.push_back({level, std::move(finding)});
}

Verdict::Verdict(std::size_t wanted) : most(wanted), findings(wanted), rulings(wanted) {
  if (most == 0) throw berth::Error(400, "bad_max_errors", "max_errors is at least 1");
}

Sums Verdict::sums() const {
  return {findings.count(Group::error), findings.count(Group::rule_error) + rulings.count(Level::error),
          findings.count(Group::hint) + rulings.count(Level::warning) + rulings.count(Level::hint)};
}

std::optional<Office> office_of(std::string_view name) {
  for (const auto& [office, known] : offices) {
    if (known == name) return office;
  }
  return std::nullopt;
}

std::string_view name(Office office) {
  for (const auto& [known, name] : offices) {
    if (known == office) return name;
  }
  return "2019";
}

Exit exit_of(const json& answer) {
  if (!answer.at("stats").value("parsed", true)) return not_parsed;
  if (count_of(answer, "schema_errors") > 0) return schema_errors;
  return count_of(answer, "rule_errors") > 0 ? rule_errors : passed;
}

json answer_of(const Verdict& verdict) {
  List schema{verdict.most}, rules{verdict.most}, warnings{verdict.most};
  for (const auto& finding : verdict.findings.kept()) {
    List* const lists[groups] = {&schema, &rules, &warnings};
    const auto group = group_of(finding.severity, finding.layer);
    lists[static_cast<std::size_t>(group)]->add(finding, name(finding.severity));
  }
  for (const auto& ruling : verdict.rulings.kept())
    (ruling.level == Level::error ? rules : warnings).add(ruling.finding, name(ruling.level));
  const std::size_t told = schema.items.size() + rules.items.size() + warnings.items.size();
  json answer{{"valid", verdict.valid()}};
  answer["schema_errors"] = std::move(schema.items);
  answer["rule_errors"] = std::move(rules.items);
  answer["warnings"] = std::move(warnings.items);
  answer["stats"] = stats_of(verdict, told);
  answer["timing_ms"] = verdict.milliseconds;
  return answer;
}

std::string printable(std::string_view text) {
  std::string shown;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte != 0x7F) {
      shown += c;
    } else {
      char escaped[8];
      std::snprintf(escaped, sizeof escaped, "\\x%02X", byte);
      shown += escaped;
    }
  }
  // C1 controls, which some terminals obey, too.
  for (auto at = shown.find('\xC2'); at != std::string::npos; at = shown.find('\xC2', at + 1)) {
    if (at + 1 < shown.size() && static_cast<unsigned char>(shown[at + 1]) < 0xA0) shown.replace(at, 2, "?");
  }
  return shown;
}

std::string report_of(const std::string& file, const json& answer, bool colour) {
  const Colours colours{colour};
  const bool valid = answer.at("valid");
  std::string report = printable(file) + ": " + (valid ? colours("32", "valid") : colours("31", "not valid"));
  report += ", " + counted(count_of(answer, "schema_errors"), "schema error") + ", " +
            counted(count_of(answer, "rule_errors"), "rule error") + ", " +
            counted(count_of(answer, "warnings"), "warning");
  char took[32];
  std::snprintf(took, sizeof took, " (%.1f ms)\n", answer.at("timing_ms").get<double>());
  report += took;
  add_items(report, answer.at("schema_errors"), "31", colours);
  add_items(report, answer.at("rule_errors"), "31", colours);
  add_items(report, answer.at("warnings"), "33", colours);
  const auto left_out = answer.at("stats").value("left_out", std::size_t(0));
  if (left_out > 0) report += "  " + std::to_string(left_out) + " more were left out; --max-errors shows more\n";
  return report;
}

}  // namespace ooxml::serve
