// Whoever helps, and however many: what is told, its order and its counts are those of one thread alone; and what is
// kept meanwhile is bounded.
#include "window.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <random>
#include <thread>

#include "unit/workspace/searching.hpp"

namespace workspace {
namespace {

namespace fs = std::filesystem;

struct WindowTest : Searching {
  struct Told {
    SearchCounts counts;
    std::vector<Hit> hits;
  };
  static Told told_with(
      Helpers& helpers, const std::string& folder, const SearchWish& wish,
      const Search::More& more = [] { return true; }) {
    Told told;
    const berth::Fd at(::open(folder.c_str(), O_RDONLY | O_DIRECTORY));
    told.counts = Search(
                      wish, helpers,
                      [&told](Found&& found) {
                        told.hits.push_back({found.path, found.line->number, found.line->column, found.line->text});
                        return true;
                      },
                      more)
                      .run(at.get());
    return told;
  }
  static void expect_same(const Told& one, const Told& other) {
    EXPECT_EQ(one.hits, other.hits);
    EXPECT_EQ(one.counts.files, other.counts.files);
    EXPECT_EQ(one.counts.found, other.counts.found);
    EXPECT_EQ(one.counts.binary, other.counts.binary);
    EXPECT_EQ(one.counts.unreadable, other.counts.unreadable);
    EXPECT_EQ(one.counts.limited, other.counts.limited);
    EXPECT_EQ(one.counts.stopped, other.counts.stopped);
  }
  std::string some_text(std::size_t size) {
    const bool dense = chance() % 20 == 0, binary = chance() % 10 == 0;
    std::string text;
    while (text.size() < size)
      text += std::string(chance() % 60, '.') + (dense || chance() % 200 == 0 ? "needle" : "word") +
              (chance() % 3 == 0 ? "\n" : " ");
    if (binary && size > 0) text[chance() % text.size()] = '\0';
    return text;
  }
  // Many small files, some large ones, some with a hit in each line, some empty, some binary.
  void fill(int files) {
    for (int i = 0; i < files; ++i) {
      std::string name = std::to_string(chance() % 1000);
      for (auto depth = chance() % 4; depth > 0; --depth) name.insert(0, std::to_string(chance() % 5) + "/");
      if (fs::is_directory(folder.file(name))) continue;
      file("d" + name + "f", some_text(chance() % 10 == 0 ? chance() % 500'000 : chance() % 5000));
    }
  }
  SearchWish some_wish() {
    SearchWish wish;
    wish.matcher.emplace(Pattern{chance() % 2 == 0 ? "needle" : "ne+dle|w[o]rd\\.$"});
    wish.files_only = chance() % 4 == 0;
    wish.limit = chance() % 2 == 0 ? 1'000'000 : chance() % 3000;
    return wish;
  }
  static std::size_t opened() {
    const fs::directory_iterator all("/proc/self/fd");
    return static_cast<std::size_t>(std::distance(begin(all), end(all)));
  }
  // All that this process has read.
  static std::uint64_t bytes_read() {
    std::ifstream io("/proc/self/io");
    std::string word;
    std::uint64_t bytes = 0;
    io >> word >> bytes;
    return bytes;
  }
  std::minstd_rand chance{7};
  Helpers none{0};
};

TEST_F(WindowTest, WhoeverHelpsTheSameIsTold) {
  fill(200);
  for (int round = 0; round < 10; ++round) {
    const SearchWish wish = some_wish();
    const Told alone = told_with(none, folder.path(), wish);
    for (const std::size_t count : {1u, 2u, 5u, 7u}) {
      Helpers some(count);
      expect_same(told_with(some, folder.path(), wish), alone);
    }
  }
}

TEST_F(WindowTest, SearchesShareTheirHelpers) {
  fill(150);
  SearchWish wish;
  wish.matcher.emplace(Pattern{"needle"});
  wish.limit = 2000;
  const Told alone = told_with(none, folder.path(), wish);
  std::vector<Told> told(6);
  std::vector<std::thread> threads;
  for (Told& one : told)
    threads.emplace_back([&] {
      for (int i = 0; i < 3; ++i) one = told_with(helpers, folder.path(), wish);
    });
  for (std::thread& one : threads) one.join();
  for (const Told& one : told) expect_same(one, alone);
}

// Each file has more than is kept.
TEST_F(WindowTest, WhatIsTooMuchToKeepIsToldAllTheSame) {
  std::string text;
  while (text.size() < 4 * Window::most_kept) text += std::string(300, 'x') + "\n";
  for (char name = 'a'; name < 'g'; ++name) file(std::string(1, name), text + name);
  SearchWish wish;
  wish.matcher.emplace(Pattern{"x|[a-g]"});
  wish.limit = 1'000'000;
  expect_same(told_with(helpers, folder.path(), wish), told_with(none, folder.path(), wish));
}

// Folders that cannot be entered count when it is their turn, too: not those behind the last file that was told of.
TEST_F(WindowTest, CountsEndWhereTheLimitIsReached) {
  for (int i = 0; i < 20; ++i) {
    file("a" + std::to_string(i) + "/f", "needle\n");
    std::string deep = folder.file("a" + std::to_string(i) + "/z");
    for (int level = 0; level < 130; ++level) deep += "/d";
    fs::create_directories(deep);
  }
  SearchWish wish;
  wish.matcher.emplace(Pattern{"needle"});
  wish.limit = 3;
  const Told told = told_with(helpers, folder.path(), wish);
  EXPECT_EQ(told.counts.unreadable, 3u);
  expect_same(told, told_with(none, folder.path(), wish));
}

// Sixteen gigabytes, by their names: nobody reads on once nobody wants to know.
TEST_F(WindowTest, AllStopWhenTheClientIsGone) {
  file("a", "needle\n");
  file("b", std::string(16u << 20, 'x'));
  for (int i = 0; i < 1000; ++i) fs::create_hard_link(folder.file("b"), folder.file("c" + std::to_string(i)));
  SearchWish wish;
  wish.matcher.emplace(Pattern{"needle"});
  const std::size_t before = opened();
  const std::uint64_t read_before = bytes_read();
  ASSERT_GT(read_before, 0u);
  std::size_t asked_in_vain = 0;
  const berth::Fd at(::open(folder.path().c_str(), O_RDONLY | O_DIRECTORY));
  Search search(
      wish, helpers,
      [this](Found&& found) {
        return hits.push_back({found.path, 0, 0, ""}), true;
      },
      [&] { return hits.empty() || ++asked_in_vain > 1; });
  const SearchCounts counts = search.run(at.get());
  EXPECT_TRUE(counts.stopped);
  EXPECT_EQ(asked_in_vain, 1u);
  EXPECT_EQ(opened(), before + 1);
  EXPECT_LT(bytes_read() - read_before, std::uint64_t{4} << 30);
}

TEST_F(WindowTest, StopsAtAnyMoment) {
  fill(150);
  SearchWish wish;
  wish.matcher.emplace(Pattern{"needle"});
  wish.limit = 1'000'000;
  const Told alone = told_with(none, folder.path(), wish);
  for (int round = 0; round < 30; ++round) {
    unsigned left = chance() % 600;
    const Told some = told_with(helpers, folder.path(), wish, [&left] { return left > 0 && --left > 0; });
    ASSERT_LE(some.hits.size(), alone.hits.size());
    EXPECT_TRUE(std::equal(some.hits.begin(), some.hits.end(), alone.hits.begin()));
  }
}

// Descriptors of folders, and what is found while nothing is taken.
TEST_F(WindowTest, LittleIsHeldWhileTheClientReadsNothing) {
  for (int i = 0; i < 300; ++i) {
    std::string text;
    while (text.size() < 50'000) text += "needle " + std::string(80, '.') + "\n";
    file(std::to_string(i) + "/f", text);
  }
  SearchWish wish;
  wish.matcher.emplace(Pattern{"needle"});
  wish.limit = 1'000'000;
  const std::size_t before = opened();
  const std::uint64_t read_before = bytes_read();
  ASSERT_GT(read_before, 0u);
  std::uint64_t most_read = 0;
  std::size_t most = 0;
  const berth::Fd at(::open(folder.path().c_str(), O_RDONLY | O_DIRECTORY));
  Search(
      wish, helpers,
      [&](Found&& found) {
        if (found.line->number == 1 && hits.size() < 10) {
          hits.push_back({});
          std::this_thread::sleep_for(std::chrono::milliseconds(10));
          most = std::max(most, opened());
          most_read = bytes_read() - read_before;
        }
        return true;
      },
      [] { return true; })
      .run(at.get());
  EXPECT_LE(most, before + 40);
  EXPECT_LT(most_read, 6u << 20);  // of 15 MB; so much is kept of what ten files and those behind them have
}

}  // namespace
}  // namespace workspace
