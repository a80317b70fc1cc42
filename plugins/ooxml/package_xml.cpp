// What content types and relationships have in common. Those who read them refuse whatever they do not expect.
#include "package_xml.hpp"

#include <algorithm>
#include <utility>

namespace ooxml {

namespace {

constexpr std::string_view space_of_xml = "http://www.w3.org/XML/1998/namespace";

}  // namespace

void PackageXml::start(const Start& element) {
  if (element.depth == 1) {
    if (element.space != m_space || element.local != m_root)
      throw Malformed(std::string(m_code), "The root is not what belongs there: " + std::string(m_root) + ".",
                      element.line);
    return;
  }
  if (element.depth > 2 || element.space != m_space)
    return wrong(element, "An element stands where it has no place: \"" + std::string(element.local) + "\".");
  child(element);
}

void PackageXml::text(std::string_view text) {
  if (m_text_told || text.find_first_not_of(" \t\r\n") == std::string_view::npos) return;
  m_text_told = true;
  Start nowhere;
  wrong(nowhere, "A text stands where none has a place.");
}

std::string_view PackageXml::plain(const Start& element, std::string_view local) {
  for (const auto& attribute : element.attributes)
    if (attribute.prefix.empty() && attribute.local == local)
      return attribute.value.data() ? attribute.value : std::string_view("");
  return {};
}

bool PackageXml::only(const Start& element, std::initializer_list<std::string_view> locals) {
  for (const auto& attribute : element.attributes) {
    if (attribute.space == space_of_xml) continue;
    if (attribute.prefix.empty() && std::find(locals.begin(), locals.end(), attribute.local) != locals.end()) continue;
    wrong(element, "An attribute has no place there: \"" + std::string(attribute.local) + "\".");
    return false;
  }
  return true;
}

void PackageXml::wrong(const Start& element, std::string message, std::string expected) {
  tell(element, std::string(m_code), std::move(message), expected.empty() ? "Remove it." : "Write " + expected + ".");
}

void PackageXml::tell(const Start& element, std::string code, std::string message, std::string remedy) {
  Finding finding{.severity = Severity::refused, .layer = Layer::package, .code = std::move(code)};
  finding.part = m_part;
  finding.line = element.line;
  finding.message = std::move(message);
  finding.remedy = std::move(remedy);
  m_findings.add(std::move(finding));
}

}  // namespace ooxml
