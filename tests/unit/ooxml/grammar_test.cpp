// The language of the grammar: what its lines mean, and what is wrong with wrong ones.
#include "compiler/pattern.hpp"
#include "looking.hpp"

namespace {

using looking::Grammar;
using looking::problems_of;

const std::string head = "space s urn:s\nuse s\npart t = r:R\ntype E = empty\n";

// What may stand in r, by words such as "a b c"; each is an empty element.
std::string held(const std::string& content, const std::string& children) {
  Grammar grammar(head + "type R = " + content + "\n");
  std::string text = "<r xmlns='urn:s'>";
  for (char c : children) text += std::string("<") + c + "/>";
  std::string found = grammar.found(text + "</r>");
  return found.substr(0, found.find(' '));
}

TEST(GrammarTest, OrderChoiceAndHowOften) {
  EXPECT_EQ(held("a:E b:E", "ab"), "");
  EXPECT_EQ(held("a:E b:E", "ba"), "unexpected-element");
  EXPECT_EQ(held("a:E b:E", "a"), "missing-element");
  EXPECT_EQ(held("a:E b:E", "abb"), "too-many");
  EXPECT_EQ(held("a:E? b:E*", ""), "");
  EXPECT_EQ(held("a:E? b:E*", "bbb"), "");
  EXPECT_EQ(held("a:E+", ""), "missing-element");
  EXPECT_EQ(held("(a:E | b:E c:E)+", "abca"), "");
  EXPECT_EQ(held("(a:E | b:E c:E)+", "aba"), "unexpected-element");
  EXPECT_EQ(held("a:E{2,3}", "a"), "missing-element");
  EXPECT_EQ(held("a:E{2,3}", "aaa"), "");
  EXPECT_EQ(held("a:E{2,3}", "aaaa"), "too-many");
  EXPECT_EQ(held("a:E{2}", "aaa"), "too-many");
  EXPECT_EQ(held("a:E{2,}", "aaaaa"), "");
  EXPECT_EQ(held("(a:E b:E?){2}", "aab"), "");
  EXPECT_EQ(held("(a:E? b:E?)", ""), "");
  EXPECT_EQ(held("a:E? a:E", "a"), "");  // needs not be deterministic
}

TEST(GrammarTest, ManyAreCountedAndNotWrittenOut) {
  EXPECT_EQ(held("a:E{2,100} b:E", std::string(100, 'a') + "b"), "");
  EXPECT_EQ(held("a:E{2,100}", std::string(101, 'a')), "too-many");
  EXPECT_EQ(held("a:E{70,100}", std::string(69, 'a')), "missing-element");
  EXPECT_EQ(problems_of(head + "type R = (a:E{2,100} b:E)*\n"),
            "5: R: a is counted so far, and what it stands in is repeated\n");
}

TEST(GrammarTest, AnyOrder) {
  EXPECT_EQ(held("all(a:E? b:E c:E?)", "cb"), "");
  EXPECT_EQ(held("all(a:E? b:E c:E?)", "ca"), "missing-element");
  EXPECT_EQ(held("all(a:E? b:E c:E?)", "bab"), "too-many");
  EXPECT_NE(problems_of(head + "type R = a:E all(b:E)\n"), "");
}

TEST(GrammarTest, GroupsAndAttributesOfTheirOwnName) {
  Grammar grammar(head + "group G = (a:E | b:E)\nattrs A = @x:int\n  @y!:bool\ntype R = %G* @%A\n");
  EXPECT_EQ(grammar.found("<r xmlns='urn:s' x='1' y='true'><a/><b/></r>"), "");
  EXPECT_EQ(grammar.found("<r xmlns='urn:s' x='q'/>"), "bad-value /s:r[1] [x]; missing-attribute /s:r[1] [y]");
}

TEST(GrammarTest, QualifiedSpacesAndThoseOfOthers) {
  Grammar grammar(
      "space w urn:w qualified\nspace r urn:r qualified\nspace n urn:n shown x\nuse w\npart t = d:D\n"
      "type D = n:e:E? @a:int @r:id!:string\nuse n\ntype E = empty @b:int @xml:space:XmlSpace\n");
  EXPECT_EQ(
      grammar.found(
          "<w:d xmlns:w='urn:w' xmlns:r='urn:r' w:a='1' r:id=''><e xmlns='urn:n' b='1' xml:space='preserve'/></w:d>"),
      "");
  EXPECT_EQ(
      grammar.found("<w:d xmlns:w='urn:w' xmlns:r='urn:r' a='1' id=''><e xmlns='urn:n' c='' xml:space='x'/></w:d>"),
      "unknown-attribute /w:d[1] [a]; unknown-attribute /w:d[1] [id]; missing-attribute /w:d[1] [r:id]; "
      "unknown-attribute /w:d[1]/x:e[1] [c]; bad-value /w:d[1]/x:e[1] [xml:space]");
}

TEST(GrammarTest, WrongLinesAreToldWithTheirNumber) {
  const std::pair<const char*, const char*> wrong[] = {
      {"type R = a:F", "5: there is no type F\n"},
      {"type R = %G", "5: R: there is no group G\n"},
      {"type R = empty @a:Q", "5: there is no value or enumeration Q\n"},
      {"type R = q:a:E", "5: there is no space q\n"},
      {"type R = a:E |", "5: a choice needs brackets\n"},
      {"type R = (a:E", "5: \")\" is missing before \"\"\n"},
      {"type R = a:E a:R", "5: R: a is of two types: R is one of them\n"},
      {"type R = empty @a:int @a:int", "5: the attribute a stands there twice\n"},
      {"type R = empty @a:int(5..1)", "5: a range that nothing is in\n"},
      {"type R = a:E{3,2}", "5: the most is less than the least\n"},
      {"type R = a:E since 1999", "5: there is no Office of 1999\n"},
      {"type R = empty\ntype R = empty", "6: R is there already, in g:5\n"},
      {"type R = empty\nenum X = a b a", "6: \"a\" stands there twice\n"},
      {"type R = empty\nvalue X = X", "6: the value X is made of itself\n"},
      {"type R = empty\nvalue X = pattern [a", "6: the pattern ends too early\n"},
      {"type R = %G\ngroup G = %G", "5: R: the group G holds itself\n"},
      {"type R = empty\nwhat R", "6: nothing is called \"what\" here\n"},
      {"type R = empty\nspace q urn:s", "0: two spaces have the address urn:s\n"},
      {"type R = empty junk", "5: what is \"junk\" here?\n"},
      {"type R = a:E\nextension {1} in R = b:E", "6: R has no wildcard for b\n"},
  };
  for (const auto& [line, problem] : wrong) {
    std::string told = problems_of(head + line + "\n");
    EXPECT_NE(told.find(problem), told.npos) << line << " → " << told;
  }
}

TEST(GrammarTest, PatternsFitTheWholeValue) {
  auto fits = [](const std::string& pattern, const std::string& text) {
    auto made = ooxml::compiler::make_pattern(pattern);
    std::uint16_t state = 0;
    for (char c : text) {
      state = made.steps[static_cast<std::size_t>(state) * made.width + made.classes[static_cast<unsigned char>(c)]];
      if (state == ooxml::no_state) return false;
    }
    return made.ends[state] != 0;
  };
  EXPECT_TRUE(fits("[0-9A-F]{4}", "12AF"));
  EXPECT_FALSE(fits("[0-9A-F]{4}", "12AF0"));
  EXPECT_FALSE(fits("[0-9A-F]{4}", "12AG"));
  EXPECT_TRUE(fits("-?[0-9]+(\\.[0-9]+)?(mm|cm|in|pt|pc|pi)", "-12.5mm"));
  EXPECT_FALSE(fits("-?[0-9]+(\\.[0-9]+)?(mm|cm|in|pt|pc|pi)", "12."));
  EXPECT_TRUE(fits("(a|b)*c{2,3}", "ababccc"));
  EXPECT_FALSE(fits("(a|b)*c{2,3}", "abc"));
  EXPECT_TRUE(fits("[^a]+", "\xC3\xA4"));
  EXPECT_FALSE(fits("[^a]+", "bab"));
  EXPECT_TRUE(fits("\\d\\s\\w[\\-\\]x-z]", "1 _]"));
  EXPECT_TRUE(fits("a?", ""));
}

TEST(GrammarTest, NamesBecomeConstants) {
  Grammar grammar("space a-1 urn:a\nuse a-1\npart t = class:R\ntype R = x-y:E @n:int\ntype E = empty\n");
  ooxml::compiler::Model model;
  ooxml::compiler::Problems problems;
  ooxml::compiler::parse("g", "space a-1 urn:a\nuse a-1\npart t = class:R\ntype R = x-y:R* @n:int\n", model, problems);
  std::string header = names_header(ooxml::compiler::compile(model, problems));
  for (const char* one : {"namespace none {", "Name n{0,", "namespace a_1 {", "Name class_{3,", "Name x_y{3,"}) {
    EXPECT_NE(header.find(one), header.npos) << one << header;
  }
}

}  // namespace
