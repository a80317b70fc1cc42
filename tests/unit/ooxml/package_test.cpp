// A package is opened: which parts it has, what they are, how they are related, and what kind of file that makes.
#include "package.hpp"

#include <gtest/gtest.h>

#include "package_kit.hpp"

namespace {

using Codes = std::vector<std::string>;
using kit::Document;
using kit::relation;
using ooxml::Findings;
using ooxml::Kind;

TEST(PackageTest, PartsAreThereWithTheirTypesAndRelations) {
  Findings findings;
  const auto package = kit::open_package(Document().text(), findings);
  ASSERT_TRUE(package);
  EXPECT_EQ(findings.total(), 0u);
  EXPECT_EQ(package->kind(), Kind::word);
  EXPECT_FALSE(package->strict() || package->macros() || package->is_template());
  ASSERT_EQ(package->parts().size(), 2u);
  ASSERT_TRUE(package->main());
  EXPECT_EQ(package->main()->name, "/word/document.xml");
  const auto* styles = package->main()->relation_of("styles");
  ASSERT_TRUE(styles);
  EXPECT_EQ(styles, package->main()->relation("rId1"));
  EXPECT_EQ(styles->target, "/word/styles.xml");
  EXPECT_EQ(styles->uri, kit::relations_of + "styles");
  EXPECT_FALSE(package->main()->relation("rId2"));
  EXPECT_FALSE(package->main()->relation_of("theme"));
  const auto* part = package->part("/WORD/styles.XML");
  ASSERT_TRUE(part);
  EXPECT_TRUE(part->reachable);
  EXPECT_EQ(part->content_type, kit::word_types + "styles+xml");
  EXPECT_EQ(package->whole(*part, 100), "<styles/>");
  EXPECT_EQ(kit::spoiled([&] { package->whole(*part, 5); }), "limit-exceeded");
  const auto source = package->read(*part);
  EXPECT_EQ(kit::all_of(*source), "<styles/>");
}

TEST(PackageTest, WhatAFileIsItsMainPartSays) {
  struct Case {
    std::string type;
    Kind kind;
    bool macros, is_template;
    Codes codes;
  };
  const std::string sheet = "application/vnd.openxmlformats-officedocument.spreadsheetml.";
  const Case all[] = {
      {kit::word_types + "template.main+xml", Kind::word, false, true, {}},
      {"application/vnd.ms-word.document.macroEnabled.main+xml", Kind::word, true, false, {"has-macros"}},
      {sheet + "sheet.main+xml", Kind::sheet, false, false, {}},
      {sheet + "SHEET.main+xml", Kind::sheet, false, false, {}},
      {"application/vnd.ms-excel.sheet.macroEnabled.main+xml", Kind::sheet, true, false, {"has-macros"}},
      {"application/vnd.ms-excel.template.macroEnabled.main+xml", Kind::sheet, true, true, {"has-macros"}},
      {"application/vnd.ms-excel.sheet.binary.macroEnabled.main",
       Kind::unknown,
       true,
       false,
       {"binary-format", "has-macros"}},
      {"application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml",
       Kind::slides,
       false,
       false,
       {}},
      {"application/xml", Kind::unknown, false, false, {"unknown-kind"}}};
  for (const auto& one : all) {
    Findings findings;
    const auto package = kit::open_package(Document{.main_type = one.type}.text(), findings);
    ASSERT_TRUE(package) << one.type;
    EXPECT_EQ(package->kind(), one.kind) << one.type;
    EXPECT_EQ(package->macros(), one.macros) << one.type;
    EXPECT_EQ(package->is_template(), one.is_template) << one.type;
    EXPECT_EQ(kit::codes(findings), one.codes) << one.type;
  }
}

TEST(PackageTest, TheStrictEditionSaysTheSame) {
  Findings findings;
  const std::string strict = "http://purl.oclc.org/ooxml/officeDocument/relationships/";
  Document document;
  document.parts["_rels/.rels"] = kit::relations(relation("a", strict + "officeDocument", "/word/document.xml") +
                                                 relation("b", strict + "extendedProperties", "docProps/app.xml"));
  document.parts["docProps/app.xml"] = "<Properties/>";
  document.more_types =
      kit::override_of("/docProps/app.xml", "application/vnd.openxmlformats-officedocument.extended-properties+xml");
  const auto package = kit::open_package(document.text(), findings);
  ASSERT_TRUE(package && package->main());
  EXPECT_EQ(findings.total(), 0u);
  EXPECT_TRUE(package->strict());
  EXPECT_EQ(package->roots()[1].type, "extended-properties");
}

TEST(PackageTest, TypesOfStrangersAreNotTakenForThoseOfOffice) {
  Findings findings;
  const auto package = kit::open_package(
      Document{.more_relations = relation("x", "http://example.com/image", "styles.xml", "External") +
                                 relation("y", "http://schemas.microsoft.com/office/2011/relationships/people",
                                          "http://example.com/", "External")}
          .text(),
      findings);
  ASSERT_TRUE(package);
  EXPECT_EQ(package->main()->relation("x")->type, "http://example.com/image");
  EXPECT_EQ(package->main()->relation("y")->type, "people");
  EXPECT_TRUE(package->main()->relation("y")->external);
  EXPECT_EQ(package->main()->relation("y")->target, "http://example.com/");
}

TEST(PackageTest, TargetsAreFoundHoweverTheyAreWritten) {
  const std::pair<const char*, const char*> all[] = {
      {"word/media/a.png", "media/a.png"},           {"word/media/a.png", "/word/media/a.png"},
      {"word/media/a.png", "../word/./media/a.png"}, {"word/media/a.png", "../../../word/media/A.PNG"},
      {"word/media/a.png", "media/%61.png"},         {"word/media/a%20b.png", "media/a b.png"},
      {"word/media/a%20b.png", "media/a%20b.png"},   {"word/media/a.png", "media\\a.png"},
      {"word/media/a.png", "media/a.png#part"},      {"word/media/a.png", "media/a.png?size=1"},
      {"word//media/a.png", "/word//media/a.png"},   {"word/media/[a],b(c).png", "media/[a],b(c).png"}};
  for (const auto& [name, target] : all) {
    Findings findings;
    Document document{.more_relations = relation("x", "image", target)};
    document.parts[name] = "png";
    const auto package = kit::open_package(document.text(), findings);
    ASSERT_TRUE(package);
    EXPECT_EQ(findings.total(), 0u) << target;
    EXPECT_EQ(package->main()->relation("x")->target, std::string("/") + name);
  }
}

TEST(PackageTest, RelationsMayGoInCircles) {
  Document document{.more_relations = relation("x", "footer", "footer.xml")};
  document.more_types = kit::override_of("/word/footer.xml", kit::word_types + "footer+xml");
  document.parts["word/footer.xml"] = "<ftr/>";
  document.parts["word/_rels/footer.xml.rels"] = kit::relations(relation("x", "styles", "styles.xml"));
  document.parts["word/_rels/styles.xml.rels"] = kit::relations(relation("x", "footer", "footer.xml"));
  EXPECT_EQ(kit::found(document), Codes{});
}

TEST(PackageTest, WhatNothingLeadsToIsAnOrphan) {
  Findings findings;
  Document document;
  document.parts["word/lost.xml"] = "<x/>";
  document.parts["word/_rels/gone.xml.rels"] = kit::relations("");
  document.parts["[trash]/0000.dat"] = "x";
  const auto package = kit::open_package(document.text(), findings);
  EXPECT_EQ(kit::codes(findings), (Codes{"orphan-part", "orphan-relationships"}));
  EXPECT_TRUE(findings.valid());
  ASSERT_EQ(package->parts().size(), 3u);
  EXPECT_FALSE(package->part("/word/lost.xml")->reachable);
}

TEST(PackageTest, LinksAreListedAndNothingToComplainOf) {
  Findings findings;
  kit::open_package(
      Document{.more_relations = relation("x", "image", "http://example.com/a.png", "External") +
                                 relation("y", "hyperlink", "http://example.com/", "External") +
                                 relation("z", "hyperlink", "#here") + relation("u", "hyperlink", "there.htm")}
          .text(),
      findings);
  EXPECT_EQ(kit::codes(findings), (Codes{"dangling-relationship", "external-link"}));
  EXPECT_EQ(findings.total(), 2u);
  EXPECT_TRUE(findings.valid());
}

}  // namespace
