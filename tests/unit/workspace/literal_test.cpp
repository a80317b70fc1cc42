// A fixed text is found wherever it is, however much around it is like it; and what of an expression is such a text.
#include "literal.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <utility>

namespace workspace {
namespace {

TEST(LiteralTest, WhatAnExpressionMustHave) {
  const std::pair<const char*, const char*> known[] = {{"needle", "needle"},
                                                       {"\\bwith his (they|at)\\b", "with his "},
                                                       {"a|b", ""},
                                                       {"ab+cde", "cde"},
                                                       {"abc?d", "ab"},
                                                       {"abcd*e", "abc"},
                                                       {"abc{2}d", "ab"},
                                                       {"abc{x", ""},
                                                       {"(?i)abc", ""},
                                                       {"a\\.b\\(", "a.b("},
                                                       {"x[abc]yz", "yz"},
                                                       {"[]a]bc", "bc"},
                                                       {"[[:alpha:]]b", ""},
                                                       {"\\x41bc", ""},
                                                       {"\\Qa|b\\E", ""},
                                                       {"abö?d", "ab"},
                                                       {"(abc)", ""},
                                                       {"^abc$", "abc"},
                                                       {"a(b|c)?def", "def"},
                                                       {"ab\\d+cde", "cde"},
                                                       {"abc??d", "ab"},
                                                       {"\\pLabc", ""},
                                                       {"", ""},
                                                       {"ab{,3}cd", "cd"}};
  for (const auto& [expression, text] : known) EXPECT_EQ(required_text(expression), text) << expression;
}

TEST(LiteralTest, IsFoundWhereverItIs) {
  const std::string text = std::string(5000, 'q') + "qiq" + std::string(100, 'z') + "quick brown";
  for (std::size_t from = 0; from < text.size(); from += 7)
    for (const char* needle : {"q", "qq", "qiq", "quick", "brown", "n", "qz", "brownx", "zq"})
      EXPECT_EQ(Literal(needle).find(text, from), text.find(needle, from)) << needle << from;
  EXPECT_EQ(Literal("abc").find("ab", 0), std::string::npos);
  std::string lines;
  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(count_newlines(lines), static_cast<std::size_t>(std::count(lines.begin(), lines.end(), '\n')));
    lines += static_cast<char>(i % 3 == 0 ? '\n' : i % 3 == 1 ? '\x8a' : '\x0b');
  }
}

TEST(LiteralTest, IsFoundAmongMuchThatIsLikeIt) {
  std::minstd_rand chance(1);
  std::string text;
  while (text.size() < 20'000) text += "aab"[chance() % 3];
  for (const std::size_t size : {1, 2, 5, 12, 16, 17, 300}) {
    const std::string needle = text.substr(text.size() - size);
    for (std::size_t at = 0; at != std::string::npos; at = text.find(needle, at + 1))
      ASSERT_EQ(Literal(needle).find(text, at), text.find(needle, at)) << size << " " << at;
  }
}

}  // namespace
}  // namespace workspace
