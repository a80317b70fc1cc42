// Packages that are wrong or meant to do harm: each is told for what it is.
#include <gtest/gtest.h>

#include "package.hpp"
#include "package_kit.hpp"

namespace {

using Codes = std::vector<std::string>;
using kit::Document;
using kit::relation;
using ooxml::Findings;

TEST(PackageHostileTest, ContentTypesAreReadStrictly) {
  const auto with = [](const std::string& more) { return kit::found(Document{.more_types = more}); };
  const Codes twice{"duplicate-content-type"}, bad{"bad-content-types"};
  EXPECT_EQ(with(""), Codes{});
  EXPECT_EQ(with(kit::override_of("/word/none.xml", "application/xml")), Codes{});
  EXPECT_EQ(with("<Default Extension=\"XML\" ContentType=\"text/xml\"/>"), twice);
  EXPECT_EQ(with(kit::override_of("/Word/document.xml", "text/xml")), twice);
  EXPECT_EQ(with(kit::override_of("word/none.xml", "text/xml")), bad);
  EXPECT_EQ(with(kit::override_of("/word/none.xml", "xml")), bad);
  EXPECT_EQ(with("<Default Extension=\"a\"/>"), bad);
  EXPECT_EQ(with("<Default Extension=\"a\" ContentType=\"a/b\" more=\"\"/>"), bad);
  EXPECT_EQ(with("<Other/>"), bad);
  EXPECT_EQ(with("text"), bad);
  Document none;
  none.parts["[Content_Types].xml"] = "";
  EXPECT_EQ(kit::found(none), Codes{"missing-content-types"});
  none.parts["[Content_Types].xml"] = "<Types/>";
  EXPECT_EQ(kit::found(none), Codes{"bad-content-types"});
  none.parts["[Content_Types].xml"] = "<Types";
  EXPECT_EQ(kit::found(none), Codes{"not-well-formed"});
}

TEST(PackageHostileTest, RelationsAreReadStrictly) {
  const auto with = [](const std::string& more) { return kit::found(Document{.more_relations = more}); };
  const Codes bad{"bad-relationship"}, dangling{"dangling-relationship"};
  EXPECT_EQ(with(relation("rId1", "hyperlink", "#a")), Codes{"duplicate-relationship"});
  EXPECT_EQ(with(relation("1", "hyperlink", "#a")), bad);
  EXPECT_EQ(with(relation("", "hyperlink", "#a")), bad);
  EXPECT_EQ(with(relation("a", "hyperlink", "")), bad);
  EXPECT_EQ(with(relation("a", "hyperlink", "http://example.com/")), bad);
  EXPECT_EQ(with(relation("a", "hyperlink", "#a", "external")), bad);
  EXPECT_EQ(with(relation("a", "hyperlink", "/_rels/.rels")), bad);
  EXPECT_EQ(with("<Relationship Id=\"a\" Type=\" \" Target=\"#a\"/>"), bad);
  EXPECT_EQ(with("<Relationship Id=\"a\" Type=\"a\" Target=\"#a\" more=\"\"/>"), bad);
  EXPECT_EQ(with("<Relationship Id=\"a\" Type=\"hyperlink\" Target=\"#a\"><Other/></Relationship>"), bad);
  EXPECT_EQ(with("<Other/>"), bad);
  EXPECT_EQ(with("text"), bad);
  EXPECT_EQ(with(relation("a", "image", "media/none.png")), dangling);
  EXPECT_EQ(with(relation("a", "image", "../../../etc/passwd")), dangling);
  EXPECT_EQ(with(relation("a", "image", "styles.xml")), Codes{"relationships-disagree"});
  Document own;
  own.parts["_rels/_rels/.rels.rels"] = kit::relations("");
  EXPECT_EQ(kit::found(own), bad);
}

TEST(PackageHostileTest, RelationsThatCannotBeReadMakeNoOrphans) {
  Findings findings;
  Document document;
  document.parts["word/_rels/document.xml.rels"] = "<Relationships";
  EXPECT_TRUE(kit::open_package(document.text(), findings));
  EXPECT_EQ(kit::codes(findings), Codes{"not-well-formed"});
  EXPECT_EQ(findings.kept()[0].part, "/word/_rels/document.xml.rels");
}

TEST(PackageHostileTest, APackageHasOneMainPart) {
  Document document;
  document.more_roots = relation("b", "officeDocument", "/word/document.xml");
  EXPECT_EQ(kit::found(document), Codes{"several-main-parts"});
  document = {};
  document.parts["word/document.xml"] = document.parts["word/_rels/document.xml.rels"] = "";
  EXPECT_EQ(kit::found(document), Codes{"missing-main-part"});
  document = {};
  document.parts["_rels/.rels"] = "";
  EXPECT_EQ(kit::found(document), Codes{"missing-relationships"});
  document.parts["_rels/.rels"] = kit::relations("");
  EXPECT_EQ(kit::found(document), Codes{"missing-main-part"});
}

TEST(PackageHostileTest, APartHasATypeAndAProperName) {
  Document document{.more_relations = relation("x", "image", "a.gif")};
  document.parts["word/a.gif"] = "gif";
  EXPECT_EQ(kit::found(document), Codes{"no-content-type"});
  document = {};
  document.parts["word/a.gif"] = "gif";  // to which nothing leads
  EXPECT_EQ(kit::found(document), (Codes{"no-content-type", "orphan-part"}));
  document = {.more_relations = relation("x", "image", "a b.png")};
  document.parts["word/a b.png"] = "png";
  EXPECT_EQ(kit::found(document), Codes{"bad-part-name"});
  document = {.more_relations = relation("x", "image", "document.xml/a.png")};
  document.parts["word/document.xml/a.png"] = "png";
  document.parts["word/document.xml-a.xml"] = "<x/>";  // between the two for whoever takes letters as they are
  document.more_relations += relation("y", "custom", "document.xml-a.xml");
  EXPECT_EQ(kit::found(document), Codes{"bad-part-name"});
}

TEST(PackageHostileTest, APartIsWhatLeadsToIt) {
  Document document{.more_relations = relation("x", "footer", "f.xml")};
  document.parts["word/f.xml"] = "<ftr/>";
  EXPECT_EQ(kit::found(document), Codes{"wrong-content-type"});
  document.more_types = kit::override_of("/word/f.xml", kit::word_types + "header+xml");
  EXPECT_EQ(kit::found(document), Codes{"wrong-content-type"});
  document.more_types = kit::override_of("/word/f.xml", kit::word_types + "Footer+xml");
  EXPECT_EQ(kit::found(document), Codes{});
  EXPECT_EQ(kit::found({.more_relations = relation("x", "styles", "/word/styles.xml")}), Codes{"relationship-twice"});
}

// Names of thousands of pieces cost no more than their length: this would take hours otherwise.
TEST(PackageHostileTest, NamesOfManyPiecesAreRead) {
  std::string folders;
  while (folders.size() < 60000) folders += "a/";
  Document document;
  for (int i = 0; i < 200; ++i) document.parts[folders + std::to_string(i) + ".xml"] = "<x/>";
  EXPECT_EQ(kit::found(document), Codes{"orphan-part"});
}

TEST(PackageHostileTest, MacrosStandInFilesForThemAlone) {
  Document document{.more_relations =
                        relation("m", "http://schemas.microsoft.com/office/2006/relationships/vbaProject", "vba.bin")};
  document.more_types = "<Default Extension=\"bin\" ContentType=\"application/vnd.ms-office.vbaProject\"/>";
  document.parts["word/vba.bin"] = "macros";
  EXPECT_EQ(kit::found(document), Codes{"macros-not-allowed"});
  document.main_type = "application/vnd.ms-word.document.macroEnabled.main+xml";
  EXPECT_EQ(kit::found(document), Codes{"has-macros"});
}

TEST(PackageHostileTest, ArchivesWithinTheArchiveAreMeasured) {
  const auto within = [](const std::string& text) { return kit::Zip{{kit::file("a.zip", text)}}.text(); };
  const auto found = [](const std::string& text) {
    Document document{.more_relations = relation("x", "package", "a.bin")};
    document.more_types = "<Default Extension=\"bin\" ContentType=\"application/zip\"/>";
    document.parts["word/a.bin"] = text;
    return kit::found(document);
  };
  const std::string harmless = within("text");
  EXPECT_EQ(found(within(within(harmless))), Codes{});
  EXPECT_EQ(found(within(within(within(harmless)))), Codes{"limit-exceeded"});
  EXPECT_EQ(found(kit::Zip{{kit::file("a", std::string(64 << 20, 'x'))}}.text()), Codes{"limit-exceeded"});
  EXPECT_EQ(found("PK\3\4 and no more"), Codes{});
}

TEST(PackageHostileTest, TheMapIsBounded) {
  const std::string text = Document().text();
  Findings many, big;
  EXPECT_FALSE(kit::open_package(text, many, {.relations = 1}));
  EXPECT_EQ(kit::codes(many), Codes{"limit-exceeded"});
  EXPECT_FALSE(kit::open_package(text, big, {.map_bytes = 1000}));
  EXPECT_EQ(kit::codes(big), Codes{"limit-exceeded"});
}

// A compound file with one entry in its directory.
std::string compound(const std::string& name) {
  std::string text = "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1" + std::string(1016, '\0');
  text[30] = 9;
  text.replace(48, 4, kit::bytes(0, 4));
  for (std::size_t i = 0; i < name.size(); ++i) text[512 + 2 * i] = name[i];
  return text;
}

TEST(PackageHostileTest, CompoundFilesAreToldApart) {
  const std::pair<const char*, const char*> all[] = {
      {"EncryptedPackage", "encrypted"}, {"WordDocument", "legacy-format"}, {"Workbook", "legacy-format"},
      {"Book", "legacy-format"},         {"Something", "not-a-zip"},        {"", "not-a-zip"}};
  for (const auto& [name, code] : all) {
    Findings findings;
    EXPECT_FALSE(kit::open_package(compound(name), findings));
    EXPECT_EQ(kit::codes(findings), Codes{code});
  }
  Findings findings;
  kit::open_package(compound("Workbook").substr(0, 100), findings);
  EXPECT_EQ(kit::codes(findings), Codes{"not-a-zip"});
}

TEST(PackageHostileTest, OneMessageForWhatCannotBeOpened) {
  Findings findings;
  EXPECT_FALSE(kit::open_package("no package", findings));
  ASSERT_EQ(findings.total(), 1u);
  EXPECT_EQ(findings.kept()[0].severity, ooxml::Severity::refused);
  EXPECT_FALSE(findings.kept()[0].message.empty());
  EXPECT_FALSE(findings.kept()[0].remedy.empty());
}

}  // namespace
