// Rules: each finds what it is for, is silent where there is nothing, and matters as much as somebody says.
#include "validate.hpp"

#include <gtest/gtest.h>

#include <set>

#include "documents.hpp"
#include "operations.hpp"

namespace docx {
namespace {

using berth::Json;

const std::string section = "<w:sectPr/>";
const std::string plain = "<w:p><w:r><w:t>text</w:t></w:r></w:p>";

Json judged(const std::string& body, Json input = Json::object(), const char* lua = nullptr) {
  test::Held files;
  files.files["a.docx"] = test::zipped(test::parts_of(body + section));
  input["path"] = "a.docx";
  if (lua) {
    files.files["rules.lua"] = lua;
    input["lua"] = "rules.lua";
  }
  return validate_operation({input, files});
}

// The rules that found something, each once.
std::set<std::string> found(const Json& answer) {
  std::set<std::string> ids;
  for (const char* list : {"rule_errors", "warnings"}) {
    for (const auto& one : answer[list]) {
      if (one["layer"] == "rule") ids.insert(one["id"]);
    }
  }
  return ids;
}
std::set<std::string> rules(const std::string& body) { return found(judged(body)); }
using Ids = std::set<std::string>;

std::string table(const std::string& grid, const std::string& cells) {
  return "<w:tbl><w:tblPr/>" + grid + "<w:tr>" + cells + "</w:tr></w:tbl>" + plain;
}
const std::string cell = "<w:tc><w:p/></w:tc>";
const std::string two_columns = "<w:tblGrid><w:gridCol w:w=\"1000\"/><w:gridCol w:w=\"1000\"/></w:tblGrid>";

TEST(Rules, AreSilentWhereNothingIsWrong) {
  const auto answer = judged(plain + table(two_columns, cell + cell));
  EXPECT_TRUE(answer["valid"]) << answer.dump(1);
  EXPECT_EQ(found(answer), Ids());
}

TEST(Rules, LookAtTables) {
  EXPECT_EQ(rules(table("", cell)), Ids{"table-grid"});
  EXPECT_EQ(rules(table(two_columns, cell)), Ids{"table-columns"});
  EXPECT_EQ(rules(table(two_columns, "<w:tc><w:tcPr><w:gridSpan w:val=\"2\"/></w:tcPr><w:p/></w:tc>")), Ids());
  EXPECT_EQ(
      rules(table(two_columns, "<w:tc><w:tcPr><w:tcW w:w=\"3000\" w:type=\"dxa\"/></w:tcPr><w:p/></w:tc>" + cell)),
      Ids{"table-widths"});
}

TEST(Rules, LookAtSections) {
  EXPECT_EQ(rules("<w:p><w:pPr><w:sectPr><w:pgMar/><w:pgSz/></w:sectPr></w:pPr></w:p>").count("section-order"), 1u);
  EXPECT_EQ(rules("<w:sectPr/>" + plain).count("section-position"), 1u);
}

TEST(Rules, LookAtReferences) {
  EXPECT_EQ(rules("<w:p><w:pPr><w:pStyle w:val=\"Nope\"/></w:pPr></w:p>" + plain), Ids{"style-defined"});
  EXPECT_EQ(rules("<w:p><w:pPr><w:numPr><w:numId w:val=\"7\"/></w:numPr></w:pPr></w:p>" + plain),
            Ids{"numbering-defined"});
  EXPECT_EQ(
      rules("<w:p><w:pPr><w:sectPr><w:headerReference w:type=\"default\" r:id=\"rId9\"/></w:sectPr></w:pPr></w:p>")
          .count("header-footer"),
      1u);
  EXPECT_EQ(rules("<w:p><w:r><w:drawing><wp:inline><a:graphic><a:graphicData uri=\"x\"><a:blip "
                  "r:embed=\"rId9\"/></a:graphicData>"
                  "</a:graphic></wp:inline></w:drawing></w:r></w:p>")
                .count("image-exists"),
            1u);
}

TEST(Rules, LookAtText) {
  EXPECT_EQ(rules("<w:p><w:r><w:t>\xE4\xB8\xAD\xE6\x96\x87</w:t></w:r></w:p>"), Ids{"cjk-font"});
  EXPECT_EQ(rules("<w:p><w:r><w:rPr><w:rFonts w:eastAsia=\"SimSun\"/></w:rPr><w:t>\xE4\xB8\xAD</w:t></w:r></w:p>"),
            Ids());
  EXPECT_EQ(rules("<w:p><w:pPr><w:pStyle w:val=\"H3\"/></w:pPr><w:r><w:t>x</w:t></w:r></w:p>"), Ids{"heading-levels"});
  EXPECT_EQ(rules("<w:p/><w:p/>" + plain), Ids{"empty-paragraphs"});
  EXPECT_EQ(rules("<w:p><w:r><w:rPr><w:rFonts w:ascii=\"Odd Sans\"/></w:rPr><w:t>x</w:t></w:r></w:p>"),
            Ids{"fonts-embedded"});
}

TEST(Rules, LookAtPairs) {
  EXPECT_EQ(rules("<w:p><w:ins w:id=\"1\"><w:r><w:t>x</w:t></w:r></w:ins></w:p>").count("revision-complete"), 1u);
  EXPECT_EQ(rules("<w:p><w:commentRangeStart w:id=\"1\"/><w:r><w:t>x</w:t></w:r></w:p>").count("comment-paired"), 1u);
  EXPECT_EQ(rules("<w:p><w:r><w:fldChar w:fldCharType=\"begin\"/></w:r></w:p>").count("field-balanced"), 1u);
  EXPECT_EQ(rules("<w:p><w:bookmarkStart w:id=\"1\" w:name=\"b\"/></w:p>").count("bookmark-paired"), 1u);
}

TEST(Rules, MatterAsMuchAsIsSaid) {
  const std::string body = "<w:p><w:pPr><w:pStyle w:val=\"Nope\"/></w:pPr></w:p>" + plain;
  EXPECT_FALSE(judged(body)["valid"]);
  EXPECT_TRUE(judged(body)["schema_errors"].empty()) << judged(body)["schema_errors"].dump();
  EXPECT_EQ(judged(body, {{"rules", {{"style-defined", "hint"}}}})["warnings"][0]["severity"], "hint");
  EXPECT_EQ(test::code_of([&] { judged(body, {{"rules", {{"style-defind", "off"}}}}); }), "unknown_rule");
  EXPECT_EQ(test::code_of([&] { judged(body, {{"rules", {{"style-defined", "loud"}}}}); }), "unknown_level");
  EXPECT_EQ(test::code_of([&] { judged(body, {{"office", "1997"}}); }), "unknown_office");
}

TEST(Validate, TellsWhatIsNoPackage) {
  test::Held files;
  files.files["a.docx"] = "PK but no more";
  const auto answer = validate_operation({{{"path", "a.docx"}}, files});
  EXPECT_FALSE(answer["valid"]);
  EXPECT_EQ(ooxml::serve::exit_of(answer), ooxml::serve::not_parsed);
  EXPECT_EQ(answer["schema_errors"][0]["severity"], "refused");
}

TEST(Validate, HasTheExitCodesOfItsLayers) {
  EXPECT_EQ(ooxml::serve::exit_of(judged(plain)), 0);
  EXPECT_EQ(ooxml::serve::exit_of(judged("<w:p><w:nonsense/></w:p>")), 1);
  EXPECT_EQ(ooxml::serve::exit_of(judged("<w:p><w:pPr><w:pStyle w:val=\"Nope\"/></w:pPr></w:p>")), 2);
  EXPECT_EQ(ooxml::serve::exit_of(judged("<w:p>")), 4);
}

TEST(LuaRules, ReadAlong) {
  const auto answer = judged("<w:p><w:r><w:rPr><w:b/></w:rPr><w:t>TODO: this</w:t></w:r></w:p>", Json::object(), R"(
    rule{ name = "no-bold", level = "warning", on = {"w:b"}, start = function(e)
      if e.parent == "w:rPr" then report("bold at " .. e.part, {remedy = "a style"}) end end }
    local n = 0
    rule{ name = "no-todo", on = "w:t", text = function(e, text) if contains(text, "TODO") then n = n + 1 end end,
      finish = function() if n > 0 then report(n .. " left") end end }
  )");
  EXPECT_EQ(found(answer), (Ids{"no-bold", "no-todo"})) << answer.dump(1);
  EXPECT_EQ(answer["rule_errors"][0]["message"], "1 left");
  EXPECT_EQ(answer["warnings"][0]["remedy"], "a style");
}

TEST(LuaRules, AreBounded) {
  for (const char* bad : {"while true do end", "local t = {} for i = 1, 1e9 do t[i] = {} end", "rule{", "rule(1)", "",
                          "rule{name='x', level='loud'}", "rule{name='style-defined'}", "os.execute('x')",
                          "io.open('/etc/passwd')", "('x'):rep(1e10)", "string.find('a', 'a')",
                          "for i = 1, 1e6 do rule{name = 'r' .. i} end", "error({})", "\27Lua"})
    EXPECT_EQ(test::code_of([&] { judged(plain, Json::object(), bad); }), "bad_rules") << bad;
}

TEST(LuaRules, OneThatFailsIsNamedAndLeftOut) {
  const auto answer = judged(plain + plain, Json::object(),
                             "rule{name = 'broken', on = 'w:p', start = function(e) error('no') end}"
                             "rule{name = 'fine', on = 'w:p', start = function(e) report('seen') end}");
  std::size_t failed = 0, seen = 0;
  for (const auto& one : answer["rule_errors"]) (one["id"] == "lua-error" ? failed : seen) += 1;
  EXPECT_EQ(failed, 1u);
  EXPECT_EQ(seen, 2u);
}

}  // namespace
}  // namespace docx
