// The two small kinds of XML that a package itself is made of: a root with a flat list in it, and nothing else.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "finding.hpp"
#include "xml.hpp"

namespace ooxml {

class PackageXml : public Handler {
 public:
  // `code`: of findings about what has no place there. Views must outlive it.
  PackageXml(std::string_view space, std::string_view root, std::string_view part, std::string_view code,
             Findings& findings)
      : m_space(space), m_root(root), m_part(part), m_code(code), m_findings(findings) {}

  void start(const Start& element) final;
  void text(std::string_view text) final;
  void end(const Start&) final {}

 protected:
  virtual void child(const Start& element) = 0;
  // The value of an attribute without a prefix; null data(): it is not there.
  static std::string_view plain(const Start& element, std::string_view local);
  // False, and told: it has an attribute that is none of these. (xml:base and the like may stand anywhere.)
  bool only(const Start& element, std::initializer_list<std::string_view> locals);
  void wrong(const Start& element, std::string message, std::string expected = "");
  void tell(const Start& element, std::string code, std::string message, std::string remedy);

 private:
  std::string_view m_space, m_root, m_part, m_code;
  Findings& m_findings;
  bool m_text_told = false;
};

}  // namespace ooxml
