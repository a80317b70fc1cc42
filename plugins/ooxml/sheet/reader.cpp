// What all readers of parts share: the elements that are open, what was seen before, how it is told.
#include "sheet/reader.hpp"

#include <algorithm>

namespace ooxml::sheet {

void Teller::object(Severity severity, std::string code, std::string message, std::string name, std::string remedy,
                    std::string expected) const {
  if (m_reading.findings.full(severity, Layer::semantic)) return m_reading.findings.add({severity, Layer::semantic});
  m_reading.find(severity, std::move(code), std::move(message), std::move(name), std::move(expected),
                 std::move(remedy));
}

void Teller::mind(Severity severity, std::string code, std::string message, std::string name, std::string remedy,
                  std::string expected) const {
  if (m_reading.findings.full(severity, Layer::rule)) return m_reading.findings.add({severity, Layer::rule});
  Finding finding{severity, Layer::rule, std::move(code), m_reading.part.name, m_reading.position.path()};
  finding.line = m_reading.position.line();
  finding.message = std::move(message);
  finding.name = std::move(name);
  finding.remedy = std::move(remedy);
  finding.expected = std::move(expected);
  m_reading.findings.add(std::move(finding));
}

void Teller::at(std::string path, std::size_t line, Layer layer, Severity severity, std::string code,
                std::string message, std::string name, std::string remedy) const {
  Finding finding{severity, layer, std::move(code), m_reading.part.name, std::move(path)};
  finding.line = line;
  finding.message = std::move(message);
  finding.name = std::move(name);
  finding.remedy = std::move(remedy);
  m_reading.findings.add(std::move(finding));
}

PartReader::PartReader(const Reading& reading, Facts& book) : tell(reading), facts(book) {}

Name PartReader::up(std::size_t steps) const {
  return steps < m_depth && m_depth <= deepest ? m_open[m_depth - 1 - steps] : Name{};
}

void PartReader::start(const Start& element) {
  if (m_depth < deepest) m_open[m_depth] = element.name;
  ++m_depth;
  ++m_elements;
  if (element.name.local != Name::unknown) constraints(element);
  open(element);
}

void PartReader::text(std::string_view text) { words(text); }

void PartReader::end(const Start& element) {
  close(element);
  --m_depth;
  if (m_depth == 0) finish();
}

bool PartReader::again(std::uint32_t which, std::string_view value, bool whatever_case) {
  auto& seen = m_seen[which];
  if (seen.size() >= most_kept) return false;
  return !seen.insert(whatever_case ? folded(value) : std::string(value)).second;
}

// What was named by its index before it came.
void PartReader::finish() {
  if (home_here() >= 0) facts.elements[home_here()] += m_elements;
  for (const Late& late : m_late) {
    if (late.index >= (of_the_book(late.what) ? facts.count(late.what) : local(late.what))) missing(late);
  }
  m_late.clear();
}

}  // namespace ooxml::sheet
