// What docx.fix puts right; and what it leaves, since nobody can know what was meant.
#include <gtest/gtest.h>

#include "changing.hpp"

namespace docx {
namespace {

using berth::Json;

class Fixed : public test::Changing {
 protected:
  Json fix() { return ask(&fix_operation, {{"to", "b.docx"}, {"replace", true}}); }
};

TEST_F(Fixed, PropertiesOfRowsAndTables) {
  put("<w:tbl><w:tr><w:tc><w:p/></w:tc><w:trPr><w:cantSplit/></w:trPr></w:tr></w:tbl><w:p/>");
  EXPECT_EQ(fix()["changed"], 3);
  EXPECT_EQ(body(),
            "<w:tbl><w:tblPr/><w:tblGrid><w:gridCol w:w=\"9000\"/></w:tblGrid>"
            "<w:tr><w:trPr><w:cantSplit/></w:trPr><w:tc><w:p/></w:tc></w:tr></w:tbl><w:p/>");
}

TEST_F(Fixed, ACellOfMarksAloneGetsAParagraph) {
  const auto marks = [](const std::string& id) {
    return "<w:bookmarkStart w:id=\"" + id + "\" w:name=\"Z" + id + "\"/><w:bookmarkEnd w:id=\"" + id + "\"/>";
  };
  const auto table = [](const std::string& cell) {
    return "<w:tbl><w:tblPr/><w:tblGrid><w:gridCol w:w=\"100\"/></w:tblGrid><w:tr><w:tc><w:tcPr/>" + cell +
           "</w:tc></w:tr></w:tbl>";
  };
  put(table(marks("1")) + table("<w:p/>" + marks("2")) + table(table("<w:p/>") + marks("3")));
  EXPECT_EQ(fix()["changed"], 2);
  EXPECT_EQ(body(), table(marks("1") + "<w:p/>") + table("<w:p/>" + marks("2")) +
                        table(table("<w:p/>") + marks("3") + "<w:p/>"));
}

TEST_F(Fixed, IdsOfRangesAndChangesThatAreThereTwice) {
  const auto range = [](const std::string& id, const std::string& name) {
    return "<w:bookmarkStart w:id=\"" + id + "\" w:name=\"" + name + "\"/><w:bookmarkEnd w:id=\"" + id + "\"/>";
  };
  const auto change = [](const std::string& id) {
    return "<w:ins w:id=\"" + id + "\" w:author=\"a\"><w:r><w:t>q</w:t></w:r></w:ins>";
  };
  const std::string mark = "<w:pPr><w:rPr><w:ins w:id=\"1\" w:author=\"a\"/></w:rPr></w:pPr>";
  put("<w:p>" + mark + range("1", "A") + range("1", "B") + change("2") + change("2") + change("1") + "</w:p>");
  EXPECT_EQ(fix()["changed"], 2);
  EXPECT_EQ(body(),
            "<w:p>" + mark + range("1", "A") + range("3", "B") + change("2") + change("4") + change("1") + "</w:p>");
  const auto verdict = ask(&validate_operation, {{"path", "b.docx"}});
  for (const auto& one : verdict["schema_errors"]) EXPECT_NE(one["id"], "duplicate-id") << one.dump();
}

TEST_F(Fixed, TheSectionIsTheLastOfTheBodyAndSdtAndSettingsHaveTheirOrder) {
  auto parts = test::parts_of(
      "<w:sectPr/><w:tbl><w:tblPr/><w:tblGrid/><w:tr><w:tc><w:p/></w:tc></w:tr></w:tbl><w:sdt><w:sdtContent><w:p/>"
      "</w:sdtContent><w:sdtPr/></w:sdt><w:p/>");
  parts["word/settings.xml"] = std::string("<w:settings") + test::spaces +
                               "><w:compat/><w:zoom w:percent=\"100\"/><w:trackRevisions/></w:settings>";
  auto& types = parts["[Content_Types].xml"];
  types.insert(types.rfind("</Types>"),
               "<Override PartName=\"/word/settings.xml\" "
               "ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.settings+xml\"/>");
  auto& relations = parts["word/_rels/document.xml.rels"];
  relations.insert(relations.rfind("</Relationships>"),
                   "<Relationship Id=\"rId9\" "
                   "Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/settings\" "
                   "Target=\"settings.xml\"/>");
  m_files.files["a.docx"] = test::zipped(parts);
  fix();
  EXPECT_EQ(body(),
            "<w:tbl><w:tblPr/><w:tblGrid/><w:tr><w:tc><w:p/></w:tc></w:tr></w:tbl><w:sdt><w:sdtPr/><w:sdtContent>"
            "<w:p/></w:sdtContent></w:sdt><w:p/><w:sectPr/>");
  EXPECT_NE(part("/word/settings.xml").find("><w:zoom w:percent=\"100\"/><w:trackRevisions/><w:compat/></w:settings>"),
            std::string::npos);
  EXPECT_EQ(ask(&fix_operation, {{"path", "b.docx"}, {"to", "c.docx"}})["changed"], 0);
}

TEST_F(Fixed, OfTwoPropertiesTheFirstComesFirstAndTheSecondStays) {
  const std::string first = "<w:pPr><w:jc w:val=\"center\"/></w:pPr>", second = "<w:pPr><w:jc w:val=\"left\"/></w:pPr>";
  put("<w:p>" + first + "<w:r><w:t>x</w:t></w:r>" + second + "</w:p>");
  EXPECT_EQ(fix()["changed"], 0);
  put("<w:p><w:r><w:t>x</w:t></w:r>" + first + second + "</w:p>");
  EXPECT_EQ(fix()["changed"], 1);
  EXPECT_EQ(body(), "<w:p>" + first + "<w:r><w:t>x</w:t></w:r>" + second + "</w:p>");
}

TEST_F(Fixed, ATableWithoutPrefixesGetsAGridWithAttributes) {
  auto parts = test::parts_of("");
  parts["word/document.xml"] =
      "<document xmlns=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><body><tbl><tblPr/><tr><tc><p/>"
      "</tc></tr></tbl><p/></body></document>";
  m_files.files["a.docx"] = test::zipped(parts);
  fix();
  EXPECT_TRUE(ask(&validate_operation, {{"path", "b.docx"}})["valid"]) << part("/word/document.xml");
}

}  // namespace
}  // namespace docx
