// A document with a drawing, a chart and an image, for tests of the rules and the grammar of drawings.
#pragma once

#include <string>
#include <vector>

#include "drawing_rules.hpp"
#include "package_kit.hpp"

namespace kit {

using Lines = std::vector<std::string>;

class Drawings : public ooxml::Domain {
 public:
  std::vector<const ooxml::Part*> first(const ooxml::Package& package) override {
    (void)package;
    return {};
  }
  std::unique_ptr<ooxml::Handler> reader(const ooxml::Reading& reading) override {
    return ooxml::drawing_rules(reading);
  }
  void finish(const ooxml::Package& package, ooxml::Findings& findings) override {
    (void)package;
    (void)findings;
  }
};

inline const std::string drawing_spaces =
    " xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\" "
    "xmlns:c=\"http://schemas.openxmlformats.org/drawingml/2006/chart\""
    " xmlns:xdr=\"http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing\""
    " xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"";

// "code part-of-path" of what is found in one part: by the rules, or by the grammar.
inline Lines of_part(const std::string& type, const std::string& xml, bool grammar,
                     const std::string& image = "\x89PNG\r\n\x1A\n....") {
  Document document;
  document.more_types = override_of("/word/d.xml", "application/vnd.openxmlformats-officedocument." + type);
  document.more_relations = relation("rId9", "d", "d.xml");
  document.parts["word/d.xml"] = xml;
  document.parts["word/i.png"] = image;
  document.parts["word/_rels/d.xml.rels"] =
      relations(relation("rId1", "image", "i.png") + relation("rId2", "hyperlink", "http://x/", "External"));
  ooxml::Findings findings;
  auto package = open_package(document.text(), findings);
  findings = ooxml::Findings();
  Drawings drawings;
  ooxml::LookOptions options;
  options.grammar = grammar;
  ooxml::look(*package, grammar ? nullptr : &drawings, options, findings);
  Lines told;
  for (const auto& one : findings.kept()) {
    if (one.part == "/word/d.xml") told.push_back(one.code + " " + one.path.substr(one.path.rfind('/') + 1));
  }
  return told;
}

inline Lines of_chart(const std::string& inside, bool grammar) {
  return of_part(
      "drawingml.chart+xml",
      "<c:chartSpace" + drawing_spaces + "><c:chart><c:plotArea>" + inside + "</c:plotArea></c:chart></c:chartSpace>",
      grammar);
}

}  // namespace kit
