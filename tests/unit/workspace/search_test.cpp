// Names and lines are found wherever they are, and nothing that is no file, no text or outside of the folder is read.
#include "search.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/types.h>

#include <berth/call.hpp>
#include <berth/fd.hpp>

#include "unit/workspace/searching.hpp"

namespace workspace {
namespace {

using SearchTest = Searching;

// As grep has it: an empty match at the very end is one of the last line, if that has no line feed.
TEST_F(SearchTest, MatchesAtTheEnd) {
  file("whole", "one\ntwo\n");
  file("open", "one\ntwo");
  file("empty", "");
  look_for("$");
  EXPECT_EQ(paths(), (std::vector<std::string>{"open", "open", "whole", "whole"}));
  look_for("o?$", false);
  EXPECT_EQ(hits.size(), 4u);
}

TEST_F(SearchTest, TellsPathLineAndColumn) {
  file("a/one.txt", "first\nsecond wörd word\n\nlast word");
  file("b.txt", "word\r\nnothing\r\nthe word\r\n");
  const auto counts = look_for("w[o]rd");
  EXPECT_EQ(hits, (std::vector<Hit>{{"a/one.txt", 2, 13, "second wörd word"},
                                    {"a/one.txt", 4, 6, "last word"},
                                    {"b.txt", 1, 1, "word"},
                                    {"b.txt", 3, 5, "the word"}}));
  EXPECT_EQ(counts.files, 2u);
  EXPECT_EQ(counts.found, 4u);
}

TEST_F(SearchTest, AFixedPatternIsTakenAsItStands) {
  file("a", "a.c\nabc\n(a.c\n");
  look_for("(a.c", true);
  ASSERT_EQ(hits.size(), 1u);
  EXPECT_EQ(hits[0].line, 3u);
  SearchWish wish;
  wish.matcher.emplace(Pattern{"A.C", true, true});
  run(std::move(wish));
  EXPECT_EQ(hits.size(), 2u);
}

TEST_F(SearchTest, ALineCountsOnceAndEmptyMatchesEnd) {
  file("a", "xx x\n\ny\n");
  look_for("x*");
  EXPECT_EQ(hits.size(), 3u);
  look_for("^$");
  ASSERT_EQ(hits.size(), 1u);
  EXPECT_EQ(hits[0].line, 2u);
  look_for("y\\s*x");
  EXPECT_TRUE(hits.empty());
  file("a", "y\nx");
  look_for("y[^a]x");  // nothing reaches beyond a line
  EXPECT_TRUE(hits.empty());
}

TEST_F(SearchTest, ManyBlocksHaveTheRightLines) {
  std::string text;
  for (int i = 1; i <= 200'000; ++i) text += i % 50'000 == 0 ? "needle\n" : "some other words\n";
  file("big", text);
  look_for("needle", true);
  ASSERT_EQ(hits.size(), 4u);
  for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ(hits[i].line, (i + 1) * 50'000);
  look_for("^needle$");
  EXPECT_EQ(hits.size(), 4u);
}

TEST_F(SearchTest, ALongLineIsCutAroundTheMatch) {
  file("a", std::string(3'000'000, 'x') + "needle" + std::string(3'000'000, 'y') + "\nneedle\n");
  look_for("needle", true);
  ASSERT_EQ(hits.size(), 2u);
  EXPECT_EQ(hits[0].column, 3'000'001u);
  EXPECT_EQ(hits[0].text.size(), LineScan::most_text);
  EXPECT_NE(hits[0].text.find("needle"), std::string::npos);
  EXPECT_EQ(hits[1].line, 2u);
}

TEST_F(SearchTest, BinaryFilesLinksAndPipesAreLeftOut) {
  file("text", "needle\n");
  file("binary", std::string("needle\n\0needle", 14));
  fs::create_symlink("text", folder.file("link"));
  fs::create_directory_symlink("/etc", folder.file("etc"));
  ASSERT_EQ(::mkfifo(folder.file("pipe").c_str(), 0600), 0);
  const auto counts = look_for("needle|root");
  EXPECT_EQ(paths(), std::vector<std::string>{"text"});
  EXPECT_EQ(counts.binary, 1u);
  names({"*"});
  EXPECT_EQ(paths(), (std::vector<std::string>{"binary", "etc", "link", "pipe", "text"}));
}

TEST_F(SearchTest, ASparseFileOfFiveGigabytesIsLeftAtItsFirstHole) {
  file("sparse", "needle\n");
  ASSERT_EQ(::truncate(folder.file("sparse").c_str(), off_t{5} << 30), 0);
  EXPECT_EQ(look_for("needle", true).binary, 1u);
}

TEST_F(SearchTest, NamesOfAnyBytes) {
  file("new\nline.txt", "needle");
  file("bad\xff\xfe.txt", "needle");
  look_for("needle");
  EXPECT_EQ(hits.size(), 2u);
  names({"b*\?.txt"});
  EXPECT_EQ(paths(), std::vector<std::string>{"bad\xff\xfe.txt"});
  names({"new\nl*"});
  EXPECT_EQ(hits.size(), 1u);
}

TEST_F(SearchTest, Globs) {
  for (const char* name :
       {"a.cpp", "a.hpp", "src/b.cpp", "src/deep/c.cpp", "src/deep/ä.py", "build/d.cpp", ".git/config"})
    file(name, "x");
  using Paths = std::vector<std::string>;
  EXPECT_EQ((names({"*.cpp"}), paths()), (Paths{"a.cpp", "build/d.cpp", "src/b.cpp", "src/deep/c.cpp"}));
  EXPECT_EQ((names({"*.cpp", "!build"}), paths()), (Paths{"a.cpp", "src/b.cpp", "src/deep/c.cpp"}));
  EXPECT_EQ((names({"/*.cpp"}), paths()), (Paths{"a.cpp"}));
  EXPECT_EQ((names({"src/**/*.cpp"}), paths()), (Paths{"src/b.cpp", "src/deep/c.cpp"}));
  EXPECT_EQ((names({"src/*.cpp"}), paths()), (Paths{"src/b.cpp"}));
  EXPECT_EQ((names({"a.{cpp,hpp}"}), paths()), (Paths{"a.cpp", "a.hpp"}));
  EXPECT_EQ((names({"?.py"}), paths()), (Paths{"src/deep/ä.py"}));
  EXPECT_EQ((names({"[!ab].cpp"}), paths()), (Paths{"build/d.cpp", "src/deep/c.cpp"}));
  EXPECT_EQ((names({"!*.*", "!build"}), paths()), (Paths{"src", "src/deep"}));
  for (const char* bad : {"[a", "{a,b", "a\\", "[z-a]"}) EXPECT_THROW(Globs({bad}), berth::Error) << bad;
  for (const char* odd : {"a}", "a,b", "()", "a|b", "^$", "[]]", "[\\]", "[^a]"}) EXPECT_NO_THROW(Globs({odd})) << odd;
}

TEST_F(SearchTest, HostilePatternsEndSoonOrAreRefused) {
  file("a", std::string(200'000, 'a') + "\n");
  look_for("(a*)*(a*)*b");
  EXPECT_TRUE(hits.empty());
  EXPECT_EQ((names({"*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*b"}), hits.size()), 0u);
  for (const char* bad : {"", "(", "a**", "\\1", "(?=a)", "((a{100}){100}){100}", "a\nb"})
    EXPECT_THROW(Matcher(Pattern{bad}), berth::Error) << bad;
}

TEST_F(SearchTest, AnExpressionIsTriedOnTheLinesThatHaveItsText) {
  file("a", "with his hat\nwith his at\nsmith his at\nat with his\nwith his they\n");
  look_for("\\bwith his (they|at)\\b");
  EXPECT_EQ(hits, (std::vector<Hit>{{"a", 2, 1, "with his at"}, {"a", 5, 1, "with his they"}}));
  look_for("^with his .t$");
  EXPECT_EQ(hits.size(), 1u);
}

TEST_F(SearchTest, BoundsAndStops) {
  file("a", "x\nx\nx\n");
  file("b", "x\n");
  SearchWish wish;
  wish.matcher.emplace(Pattern{"x"});
  wish.limit = 3;
  auto counts = run(std::move(wish));
  EXPECT_EQ(hits.size(), 3u);
  EXPECT_TRUE(counts.limited);
  SearchWish exact;
  exact.matcher.emplace(Pattern{"x"});
  exact.limit = 4;
  EXPECT_FALSE(run(std::move(exact)).limited);
  SearchWish once;
  once.matcher.emplace(Pattern{"x"});
  once.files_only = true;
  run(std::move(once));
  EXPECT_EQ(paths(), (std::vector<std::string>{"a", "b"}));
  SearchWish stopped;
  stopped.matcher.emplace(Pattern{"x"});
  counts = run(std::move(stopped), [this] { return hits.size() < 3; });
  EXPECT_TRUE(counts.stopped);
  EXPECT_EQ(paths(), (std::vector<std::string>{"a", "a", "a"}));
}

// Of a large file no more is read than the block at hand, whether it is one that was asked for or one of a folder's.
TEST_F(SearchTest, StopsInTheMiddleOfAFile) {
  std::string text;
  for (int i = 0; i < 400'000; ++i) text += i % 1000 == 0 ? "needle\n" : "some other words\n";
  file("big", text);
  SearchWish wish;
  wish.matcher.emplace(Pattern{"needle"});
  wish.limit = 1'000'000;
  int found = 0, asked = 0;
  const auto count = [&](Found&&) { return ++found > 0; };
  const auto twice = [&] { return ++asked <= 3; };
  const berth::Fd fd(::open(folder.file("big").c_str(), O_RDONLY));
  EXPECT_TRUE(Search(wish, helpers, count, twice).run_file(fd.get(), "big").stopped);
  EXPECT_EQ(asked, 4);
  EXPECT_GT(found, 0);
  EXPECT_LT(found, 100);  // of 400, in 26 blocks
  Helpers none{0};
  found = 0;
  const berth::Fd at(::open(folder.path().c_str(), O_RDONLY | O_DIRECTORY));
  const auto counts = Search(wish, none, count, [&] { return found == 0; }).run(at.get());
  EXPECT_TRUE(counts.stopped);
  EXPECT_GT(found, 0);
  EXPECT_LT(found, 100);
}

TEST_F(SearchTest, AHundredThousandFiles) {
  for (int i = 0; i < 100'000; ++i) {
    const std::string at = "d" + std::to_string(i / 1000);
    if (i % 1000 == 0) fs::create_directory(folder.file(at));
    const int fd = ::open(folder.file(at + "/f" + std::to_string(i)).c_str(), O_CREAT | O_WRONLY, 0600);
    if (i % 100 == 0) {
      EXPECT_EQ(::write(fd, "needle\n", 7), 7);
    }
    ::close(fd);
  }
  EXPECT_EQ(look_for("needle").found, 1000u);
  EXPECT_EQ(names({"f*"}).found, 100'000u);
}

TEST_F(SearchTest, VeryDeepFoldersAreSaidToBeUnread) {
  berth::Fd at(::open(folder.path().c_str(), O_RDONLY | O_DIRECTORY));
  for (int i = 0; i < 300; ++i) {
    ASSERT_EQ(::mkdirat(at.get(), "d", 0700), 0);
    at = berth::Fd(::openat(at.get(), "d", O_RDONLY | O_DIRECTORY));
  }
  EXPECT_EQ(look_for("x").unreadable, 1u);
}

}  // namespace
}  // namespace workspace
