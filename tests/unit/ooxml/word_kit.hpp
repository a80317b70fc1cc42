// A document of Word's for tests of its rules: a body, and the parts that the test gives; what is found, as text.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "package_kit.hpp"
#include "word/rules.hpp"

namespace kit {

inline const std::string word_spaces =
    " xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\""
    " xmlns:w14=\"http://schemas.microsoft.com/office/word/2010/wordml\""
    " xmlns:w15=\"http://schemas.microsoft.com/office/word/2012/wordml\""
    " xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\""
    " xmlns:m=\"http://schemas.openxmlformats.org/officeDocument/2006/math\""
    " xmlns:mc=\"http://schemas.openxmlformats.org/markup-compatibility/2006\" mc:Ignorable=\"w14 w15\"";

// The parts besides the document: by the type of their relationship ("styles", "comments", "header", …), what stands
// inside of their root.
using WordParts = std::map<std::string, std::string>;

inline std::string word_root(const std::string& type) {
  if (type == "header") return "w:hdr";
  if (type == "footer") return "w:ftr";
  if (type == "fontTable") return "w:fonts";
  return "w:" + type;
}

// "code path-from-its-last-step", of layer `rule` or `semantic`, in the order in which they were found.
inline std::vector<std::string> of_word(const std::string& body, const WordParts& parts = {}, bool grammar = false) {
  Document document;
  document.parts["word/document.xml"] =
      "<w:document" + word_spaces + "><w:body>" + body + "<w:sectPr/></w:body></w:document>";
  document.parts["word/styles.xml"] = "<w:styles" + word_spaces + "></w:styles>";
  for (const auto& [type, inside] : parts) {
    std::string root = word_root(type);
    document.parts["word/" + type + ".xml"] = "<" + root + word_spaces + ">" + inside + "</" + root + ">";
    if (type == "styles") continue;
    document.more_types += override_of("/word/" + type + ".xml", word_types + type + "+xml");
    document.more_relations += relation(type, type, type + ".xml");
  }
  ooxml::Findings findings;
  auto package = open_package(document.text(), findings);
  findings = ooxml::Findings();
  auto rules = ooxml::word_rules();
  ooxml::LookOptions options;
  options.grammar = grammar;
  ooxml::look(*package, rules.get(), options, findings);
  std::vector<std::string> told;
  for (const auto& one : findings.kept()) {
    if (!grammar || one.layer == ooxml::Layer::schema)
      told.push_back(one.code + " " + one.path.substr(one.path.rfind('/') + 1));
  }
  return told;
}

}  // namespace kit
