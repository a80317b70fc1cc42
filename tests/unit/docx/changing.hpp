// A document in memory that operations are asked to change.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "documents.hpp"
#include "operations.hpp"

namespace docx::test {

class Changing : public testing::Test {
 protected:
  void put(const std::string& body) { m_files.files["a.docx"] = zipped(parts_of(body)); }
  berth::Json ask(berth::Json (*operation)(const ooxml::serve::Asked&), berth::Json input = berth::Json::object()) {
    if (!input.contains("path")) input["path"] = "a.docx";
    return operation({input, m_files});
  }
  std::string body(const std::string& file = "b.docx") {
    const std::string text = part_in(m_files.files.at(file), "/word/document.xml");
    const auto begin = text.find("<w:body>") + 8;
    return text.substr(begin, text.find("</w:body>") - begin);
  }
  std::string text(const std::string& file = "b.docx") { return ask(&text_operation, {{"path", file}})["text"]; }
  std::string part(const std::string& name) { return part_in(m_files.files.at("b.docx"), name); }
  Held m_files;
};

}  // namespace docx::test
