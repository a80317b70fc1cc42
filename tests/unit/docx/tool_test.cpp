// The command line: what its words become, and that mistakes are named.
#include "serve/tool.hpp"

#include <gtest/gtest.h>

#include "serve/verdict.hpp"

namespace ooxml::serve {
namespace {

using Form = ToolOption::Form;

Tool tool() {
  ToolCommand add{"notes add", "Adds", {"path"}, {{"--note", "TEXT", "note", Form::text, "", true}}, nullptr};
  ToolCommand look{"look",
                   "Looks",
                   {"path"},
                   {{"--rule", "N=L", "rules", Form::pairs},
                    {"--most", "N", "most", Form::number},
                    {"--all", "", "all", Form::flag},
                    {"--list", "J", "list", Form::json}},
                   nullptr};
  return {"thing", "Things", {add, look}};
}

TEST(Line, BecomesAnInput) {
  const Tool all = tool();
  const auto line = read_line(
      all, {"look", "--rule", "a=off", "--rule=b=hint", "a.docx", "--most", "5", "--all", "--list", "[1,2]", "--json"});
  EXPECT_EQ(line.wrong, "");
  EXPECT_TRUE(line.json);
  EXPECT_EQ(
      line.input,
      (berth::Json{
          {"path", "a.docx"}, {"rules", {{"a", "off"}, {"b", "hint"}}}, {"most", 5}, {"all", true}, {"list", {1, 2}}}));
  EXPECT_EQ(read_line(all, {"look", "--", "--all"}).input, (berth::Json{{"path", "--all"}}));
  EXPECT_EQ(read_line(all, {"notes", "add", "a", "--note", "n"}).command->name, "notes add");
}

TEST(Line, SaysWhatIsWrong) {
  const Tool all = tool();
  for (const auto& words : std::vector<std::vector<std::string>>{{},
                                                                 {"nope"},
                                                                 {"look"},
                                                                 {"look", "a", "b"},
                                                                 {"look", "a", "--nope"},
                                                                 {"look", "a", "--most", "x"},
                                                                 {"look", "a", "--most"},
                                                                 {"look", "a", "--all=1"},
                                                                 {"look", "a", "--rule", "x"},
                                                                 {"look", "a", "--list", "["},
                                                                 {"notes", "add", "a"}})
    EXPECT_NE(read_line(all, words).wrong, "") << berth::Json(words).dump();
  EXPECT_TRUE(read_line(all, {"look", "--help"}).help);
  EXPECT_NE(help_of(all, &all.commands[1]).find("--most N"), std::string::npos);
}

TEST(ExitCodes, TellAWrongInputFromAWrongFile) {
  const Tool all = tool();
  EXPECT_EQ(code_for(all, berth::Error(404, "no_file", "")), not_found);
  EXPECT_EQ(code_for(all, berth::Error(422, "spoiled", "")), not_parsed);
  EXPECT_EQ(code_for(all, berth::Error(400, "no_place", "")), misused);
  EXPECT_EQ(code_for(all, WrongInput(404, "no_paragraph", "")), misused);
  EXPECT_EQ(code_for(all, WrongInput(422, "ambiguous", "")), misused);
  EXPECT_EQ(code_for(all, berth::Error(409, "exists", "")), broken);
}

TEST(Printable, KeepsLinesAndTabs) {
  EXPECT_EQ(printable_lines("a\tb\n\x1b[31m\n"), "a\tb\n\\x1B[31m\n");
  EXPECT_EQ(printable_lines(""), "");
}

TEST(Printable, HasNoControls) {
  EXPECT_EQ(printable("a\x1b[31m\n\x7f"), "a\\x1B[31m\\x0A\\x7F");
  EXPECT_EQ(printable("\xC2\x9B"
                      "31m\xC3\xA9"),
            "?31m\xC3\xA9");
}

}  // namespace
}  // namespace ooxml::serve
