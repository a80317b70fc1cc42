// What is said of a file that was validated: the findings of the standard's layers, and the rulings of rules that a
// plugin, or whoever uses it, has made up; as JSON and as a report for people.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "finding.hpp"
#include "look.hpp"
#include "package.hpp"

namespace ooxml::serve {

// How much a rule matters, by its own or by the caller's word.
enum class Level : std::uint8_t { off, hint, warning, error };
std::string_view name(Level level);
std::optional<Level> level_of(std::string_view name);

struct Ruling {
  Level level = Level::error;
  Finding finding;  // of layer `rule`; its severity says nothing
};

// So many errors, and so many of the others; what came later is counted, and not kept.
class Rulings {
 public:
  explicit Rulings(std::size_t most = 1000) : m_most(most) {}
  void add(Level level, Finding finding);
  const std::vector<Ruling>& kept() const { return m_kept; }
  std::size_t count(Level level) const { return m_counts[static_cast<std::size_t>(level)]; }
  // One like that would not be kept: nobody needs to find words for it.
  bool full(Level level) const;

 private:
  std::size_t m_most;
  std::vector<Ruling> m_kept;
  std::size_t m_counts[4] = {};
};

// How many there are of each list, told or not.
struct Sums {
  std::size_t schema_errors = 0, rule_errors = 0, warnings = 0;
};

struct Verdict {
  // So many are told of each list. Throws berth::Error (400) for none: a verdict without a reason is of no use.
  explicit Verdict(std::size_t most);
  std::size_t most;
  Findings findings;
  Rulings rulings;
  bool opened = false;  // it is a package that could be looked into
  std::string engine = "berth";
  Office office = Office::o2019;
  nlohmann::json stats = nlohmann::json::object();  // further facts
  std::size_t left_out = 0;                         // beyond what the lists have counted
  double milliseconds = 0;

  Sums sums() const;
  bool valid() const { return findings.valid() && rulings.count(Level::error) == 0; }
};

// "2007" … "2021", "365"; null: none of these.
std::optional<Office> office_of(std::string_view name);
std::string_view name(Office office);

// What a program's exit code says of a verdict; `not_found` is of no verdict.
enum Exit : int {
  passed = 0,
  schema_errors = 1,
  rule_errors = 2,
  not_found = 3,
  not_parsed = 4,
  misused = 64,
  broken = 70
};

// `stats` has what there is of each list (`counts`), whether all could be read (`parsed`), and what was not told.
nlohmann::json answer_of(const Verdict& verdict);
// By what there is, not by what is told.
Exit exit_of(const nlohmann::json& answer);

// Of an answer, for a terminal; what the file says of itself is printed without its controls.
std::string report_of(const std::string& file, const nlohmann::json& answer, bool colours);
std::string printable(std::string_view text);

}  // namespace ooxml::serve
