// How a check tells what it found.
#include "word/check.hpp"

#include <algorithm>
#include <utility>

namespace ooxml::word {

bool Parents::inside(Name name) const {
  return !m_open.empty() && std::find(m_open.begin(), m_open.end() - 1, name) != m_open.end() - 1;
}

void Work::object(Severity severity, std::string code, std::string message, std::string name, std::string expected,
                  std::string remedy) const {
  reading.find(severity, std::move(code), std::move(message), std::move(name), std::move(expected), std::move(remedy));
}

void Work::mind(Severity severity, std::string code, std::string message, std::string name, std::string expected,
                std::string remedy) const {
  Finding finding;
  finding.severity = severity;
  finding.layer = Layer::rule;
  finding.code = std::move(code);
  finding.part = reading.part.name;
  if (!reading.findings.full(severity, Layer::rule)) finding.path = reading.position.path();
  finding.line = reading.position.line();
  finding.name = std::move(name);
  finding.message = std::move(message);
  finding.expected = std::move(expected);
  finding.remedy = std::move(remedy);
  reading.findings.add(std::move(finding));
}

void Work::mind_at(std::string path, std::size_t line, Severity severity, std::string code, std::string message,
                   std::string remedy) const {
  Finding finding;
  finding.severity = severity;
  finding.layer = Layer::rule;
  finding.code = std::move(code);
  finding.part = reading.part.name;
  finding.path = std::move(path);
  finding.line = line;
  finding.message = std::move(message);
  finding.remedy = std::move(remedy);
  reading.findings.add(std::move(finding));
}

}  // namespace ooxml::word
