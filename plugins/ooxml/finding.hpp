// What a look at a file found: one thing that is wrong or worth knowing, where it is, and what to do about it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace ooxml {

enum class Severity : std::uint8_t {
  refused,   // Office will not open the file
  repaired,  // Office opens it, and says that it had to repair it, or loses what is meant
  schema,    // the standard objects, Office does not
  hint,      // nobody objects
};

std::string_view name(Severity severity);

enum class Layer : std::uint8_t { package, xml, schema, semantic, rule };

std::string_view name(Layer layer);

struct Finding {
  Severity severity = Severity::schema;
  Layer layer = Layer::schema;
  std::string code{};      // one of a closed list, such as "unexpected-element": what programs look at
  std::string part{};      // "/xl/worksheets/sheet1.xml"; empty: the file as a whole
  std::string path{};      // "/x:worksheet[1]/x:sheetData[1]/x:row[3]"; of an attribute: its element's
  std::string name{};      // of the attribute or the child that is meant, as the file writes it
  std::size_t line = 0;    // of the part's text, from one; 0: unknown
  std::string message{};   // one sentence for a person
  std::string expected{};  // what would have been right, if there is one thing to say
  std::string remedy{};    // what to do about it
};

// What a finding is told as. Each has a bound of its own: a flood of hints hides no error.
enum class Group : std::uint8_t { error, rule_error, hint };
constexpr std::size_t groups = 3;

constexpr Group group_of(Severity severity, Layer layer) {
  if (severity == Severity::hint) return Group::hint;
  return layer == Layer::rule ? Group::rule_error : Group::error;
}

// All that was found, so many of each group; what came later is counted, and not kept.
class Findings {
 public:
  explicit Findings(std::size_t most = 1000) : m_most(most) {}
  void add(Finding finding);
  const std::vector<Finding>& kept() const { return m_kept; }
  std::size_t count(Severity severity) const { return m_counts[static_cast<std::size_t>(severity)]; }
  std::size_t count(Group group) const { return m_of_group[static_cast<std::size_t>(group)]; }
  std::size_t total() const;
  // One like that would not be kept: nobody needs to find words for it.
  bool full(Severity severity, Layer layer) const { return count(group_of(severity, layer)) >= m_most; }
  // Whatever comes.
  bool full() const;
  // Nothing that the standard objects to: hints do not count.
  bool valid() const { return total() == count(Severity::hint); }
  // A part that Office looks into is no XML: whatever else was found, the look has not come to its end.
  bool unreadable() const { return m_unreadable; }

 private:
  void make_room();

  std::size_t m_most;
  std::vector<Finding> m_kept;
  std::size_t m_counts[4] = {};
  std::size_t m_of_group[groups] = {};
  bool m_unreadable = false;
};

}  // namespace ooxml
