// Patterns: what matches, what is refused, and that no text and no pattern takes for ever.
#include "loader/schema/pattern.hpp"

#include <gtest/gtest.h>

#include <string>

namespace berth::loader {
namespace {

bool matches(std::string_view pattern, std::string_view text) {
  auto made = Pattern::compile(pattern);
  if (!made) {
    ADD_FAILURE() << pattern << ": " << made.error().message;
    return false;
  }
  return made->matches(text);
}

TEST(Pattern, MatchesLikeEcmaScript) {
  const struct {
    const char *pattern, *yes, *no;
  } cases[] = {
      {"^[a-z]+$", "abc", "abC"},
      {"b", "abc", "acd"},
      {"^a|b$", "xb", "bx"},
      {"^(?:ab){2,3}$", "ababab", "ab"},
      {"^(ab){2}$", "abab", "ababab"},
      {"^a{2,}$", "aaaa", "a"},
      {"^a{0}b$", "b", "ab"},
      {"^a?b*c+$", "bbcc", "ab"},
      {"^a+?$", "aaa", ""},
      {"^\\d{4}-\\d{2}$", "2026-01", "2026-1"},
      {"^[^\\s]+$", "abc", "a c"},
      {"^\\w+$", "a_9", "a-9"},
      {"^\\W$", "-", "a"},
      {"^\\D\\S$", "ab", "1b"},
      {"\\bcat\\b", "a cat sat", "concat"},
      {"\\Bcat", "concat", "cat"},
      {"^[\\]\\-a]+$", "]-a", "b"},
      {"^[a\\-z]+$", "a-z", "b"},
      {"^[-+]?\\d$", "-5", "*5"},
      {"^a.c$", "abc", "a\nc"},
      {"^.$", "\xc3\xa9", "\xc3\xa9\xc3\xa9"},
      {"^[\xc3\xa0-\xc3\xbf]$", "\xc3\xa9", "e"},
      {"^\\u00e9\\x41\\u{1F600}$",
       "\xc3\xa9"
       "A\xf0\x9f\x98\x80",
       "eA"},
      {"^\\/\\.\\{$", "/.{", "/a{"},
      {"^{a}$", "{a}", "a"},
      {"^x{a,}$", "x{a,}", "xa"},
      {"^(|a)$", "", "b"},
      {"^[^]$", "x", ""},
      {"^\\t\\n$", "\t\n", "tn"},
  };
  for (const auto& one : cases) {
    EXPECT_TRUE(matches(one.pattern, one.yes)) << one.pattern << " on " << one.yes;
    EXPECT_FALSE(matches(one.pattern, one.no)) << one.pattern << " on " << one.no;
  }
  EXPECT_TRUE(matches("", "anything"));
  EXPECT_FALSE(matches("[]", "anything"));
  EXPECT_TRUE(matches(std::string("^a\\0b$"), std::string("a\0b", 3)));
}

TEST(Pattern, RefusesWithTheReason) {
  const std::pair<const char*, const char*> cases[] = {
      {"(a", "a ( that is not closed, at character 3"},
      {"a)", "a ) that closes nothing, at character 2"},
      {"[a", "a [ that is not closed"},
      {"*a", "a repetition of nothing, at character 1"},
      {"a**", "a repetition of what cannot be repeated"},
      {"^*", "a repetition of what cannot be repeated"},
      {"a{3,2}", "a repetition from more to less"},
      {"a{5000}", "a repetition of more than 1000 times"},
      {"[z-a]", "a range whose ends are not in order"},
      {"a\\", "a \\ at the end"},
      {"(?=a)", "look-around"},
      {"(a)\\1", "\\1 is not supported"},
      {"\\p{L}", "\\p is not supported"},
      {"\\u12", "an escape without its digits"},
      {"\\u{110000}", "an escape without its digits"},
      {"\\u{41", "an escape without its digits"},
      {"\xff", "not UTF-8"},
      {"((a{900}){900})", "too large"},
  };
  for (const auto& [pattern, why] : cases) {
    const auto made = Pattern::compile(pattern);
    ASSERT_FALSE(made) << pattern;
    EXPECT_EQ(made.error().code, "bad_pattern");
    EXPECT_NE(made.error().message.find(why), std::string::npos) << pattern << ": " << made.error().message;
  }
  EXPECT_FALSE(Pattern::compile(std::string(100, '(') + std::string(100, ')')));
}

// Each of these needs more than 2^40 steps where guesses are taken back.
TEST(Pattern, IsNotHungByClevernessOrSize) {
  const std::string many(50'000, 'a');
  EXPECT_FALSE(matches("^(a+)+$", many + "!"));
  EXPECT_FALSE(matches("^(a|a)*$", many + "!"));
  EXPECT_FALSE(matches("^(a|aa)+$", many + "!"));
  EXPECT_FALSE(matches("a*a*a*a*a*a*b", many));
  EXPECT_TRUE(matches("^(a*)*$", many));
  EXPECT_TRUE(matches("^(.|\\n)*$", std::string(1'000'000, '\n')));  // std::regex runs out of stack here
  EXPECT_TRUE(matches("((((){1000}){1000}){1000}){1000}", ""));
}

TEST(Pattern, GivesUpOnWhatWouldTakeTooLong) {
  const std::string pattern = "^(a?){900}b$";
  EXPECT_TRUE(matches(pattern, std::string(900, 'a') + "b"));
  EXPECT_FALSE(matches("^([ab]{0,900})*c$", std::string(10'000'000, 'a') + "c"));
}

}  // namespace
}  // namespace berth::loader
