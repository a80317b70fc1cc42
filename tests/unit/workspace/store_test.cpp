// A store only grows; what is done to its file behind the host's back is found, byte by byte, and half a record goes.
#include "store.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <csignal>
#include <set>
#include <thread>

#include "unit/service/folder.hpp"

namespace workspace {
namespace {

using berth::Error;
using berth::Json;
using berth::test::content_of;
using berth::test::Folder;
using berth::test::put;

constexpr std::uint64_t much = 1u << 30;

struct StoreTest : testing::Test {
  StoreTest() : at(::open(folder.path().c_str(), O_RDONLY | O_DIRECTORY)), store(at.get(), "citations") {}
  Store::Appended add(const Json& record) { return store.append(record, "root"); }
  void fill(int count) {
    for (int i = 1; i <= count; ++i) add({{"page", i}});
  }
  Store::Verdict verify(std::optional<ChainHead> head = {}) {
    return store.verify(head, [] { return true; });
  }
  std::string what(std::optional<ChainHead> head = {}) {
    const auto verdict = verify(std::move(head));
    return verdict.broken ? verdict.broken->what + " " + std::to_string(verdict.broken->number) : "good";
  }
  std::string path() const { return folder.file("citations.jsonl"); }
  std::string bytes() const { return content_of(path()); }
  void lines(const std::vector<std::string>& all) {
    std::string text;
    for (const auto& line : all) text += line + "\n";
    put(path(), text);
  }
  void forget_head() { std::filesystem::remove(folder.file(".citations.head")); }
  static int status_of(const std::function<void()>& work) {
    try {
      work();
    } catch (const Error& error) {
      return error.status();
    }
    return 0;
  }
  Folder folder;
  Fd at;
  Store store;
};

TEST_F(StoreTest, ChainsWhatIsAppended) {
  const auto first = add({{"url", "https://example.org/ä\n\"x\""}});
  const auto second = add(Json::array({1, nullptr}));
  EXPECT_EQ(first.head.number, 1u);
  EXPECT_EQ(second.head.number, 2u);
  const auto part = store.read(1, 10, much);
  ASSERT_EQ(part.records.size(), 2u);
  EXPECT_EQ(part.records[0]["record"]["url"], "https://example.org/ä\n\"x\"");
  EXPECT_EQ(part.records[0]["by"], "root");
  EXPECT_EQ(part.records[1]["before"], first.head.sha256);
  EXPECT_EQ(part.records[1]["sha256"], second.head.sha256);
  EXPECT_EQ(what(second.head), "good");
  EXPECT_EQ(verify().head.sha256, second.head.sha256);
  EXPECT_EQ(Store::names(at.get()), std::vector<std::string>{"citations"});
}

TEST_F(StoreTest, ReadsRanges) {
  fill(50);
  const auto part = store.read(20, 5, much);
  EXPECT_EQ(part.total, 50u);
  ASSERT_EQ(part.records.size(), 5u);
  EXPECT_EQ(part.records[0]["n"], 20);
  EXPECT_EQ(store.read(51, 5, much).records.size(), 0u);
  EXPECT_EQ(store.read(1, 50, 700).records.size(), 3u);
  EXPECT_EQ(store.read(1, 50, 1).records.size(), 1u);
  EXPECT_EQ(status_of([&] { Store(at.get(), "none").read(1, 1, 1); }), 404);
}

// The last byte but one, and every other: none may be changed, inserted or taken away.
TEST_F(StoreTest, EveryByteIsVouchedFor) {
  fill(3);
  const std::string good = bytes();
  std::set<std::string> found;
  for (std::size_t i = 0; i < good.size(); ++i) {
    for (const char other : {static_cast<char>(good[i] ^ 1), '\n', ' ', '\0', '\xff'}) {
      std::string bad = good;
      if (other == good[i]) continue;
      bad[i] = other;
      put(path(), bad);
      EXPECT_NE(what(), "good") << i << " " << static_cast<int>(other);
    }
    put(path(), good.substr(0, i) + good.substr(i + 1));
    EXPECT_NE(what(), "good") << i;
    put(path(), good.substr(0, i) + "x" + good.substr(i));
    EXPECT_NE(what(), "good") << i;
    put(path(), good.substr(0, i));
    EXPECT_NE(what(), "good") << i;
  }
  put(path(), good);
  EXPECT_EQ(what(), "good");
}

TEST_F(StoreTest, NamesTheFirstBrokenRecordAndHow) {
  fill(5);
  const auto head = add({{"page", 6}}).head;
  const auto good = berth::test::lines_of(bytes());
  const auto tampered = [&](std::initializer_list<int> order) {
    std::vector<std::string> all;
    for (const int i : order) all.push_back(good[static_cast<std::size_t>(i - 1)]);
    lines(all);
    return what();
  };
  EXPECT_EQ(tampered({1, 2, 3, 4, 5, 6}), "good");
  EXPECT_EQ(tampered({1, 3, 4, 5, 6}), "removed 2");
  EXPECT_EQ(tampered({2, 3, 4, 5, 6}), "removed 1");
  EXPECT_EQ(tampered({1, 3, 2, 4, 5, 6}), "reordered 2");
  EXPECT_EQ(tampered({1, 2, 2, 3, 4, 5, 6}), "reordered 3");
  EXPECT_EQ(tampered({1, 2, 3}), "truncated 4");
  EXPECT_EQ(tampered({}), "truncated 1");
  forget_head();
  EXPECT_EQ(tampered({1, 2, 3}), "good");  // nobody remembers more
  EXPECT_EQ(what(head), "truncated 4");
  auto changed = good;
  changed[3].replace(changed[3].find("page"), 4, "Page");
  lines(changed);
  EXPECT_EQ(what(), "altered 4");
  EXPECT_EQ(verify().broken->offset, good[0].size() + good[1].size() + good[2].size() + 3);
}

TEST_F(StoreTest, AChainThatWasMadeAnewIsFoundByItsHead) {
  fill(3);
  const ChainHead head = verify().head;
  const std::string kept = content_of(folder.file(".citations.head"));
  std::filesystem::remove(path());
  forget_head();
  for (int i = 1; i <= 3; ++i) add({{"forged", i}});
  EXPECT_EQ(what(), "good");
  EXPECT_EQ(what(head), "altered 3");
  put(folder.file(".citations.head"), kept);
  EXPECT_EQ(what(), "altered 3");
}

TEST_F(StoreTest, HalfARecordGoesWithTheNextAppend) {
  fill(2);
  const std::string good = bytes();
  const auto line = record_line({2, "x"}, "now", "me", {{"page", 3}});
  for (std::size_t size = 1; size < line.size(); size += 7) {
    put(path(), good + line.substr(0, size));
    EXPECT_EQ(what(), "torn 3");
    EXPECT_TRUE(store.read(1, 10, much).torn);
    EXPECT_EQ(add({{"page", 3}}).cut, size);
    EXPECT_EQ(what(), "good");
    forget_head();
  }
  put(path(), good + std::string(5000, '\0'));  // a disk that lost its power
  EXPECT_EQ(add({{"page", 3}}).cut, 5000u);
  EXPECT_EQ(verify().head.number, 3u);
  std::filesystem::remove(path());
  forget_head();
  put(path(), "{\"n\":1,");
  EXPECT_EQ(add({{"page", 1}}).cut, 7u);
  EXPECT_EQ(what(), "good");
}

TEST_F(StoreTest, NothingIsAddedToABrokenStore) {
  fill(3);
  const std::string good = bytes();
  put(path(), good.substr(0, good.size() - 1));  // looks torn, but was whole once
  EXPECT_EQ(status_of([&] { add(1); }), 409);
  EXPECT_EQ(bytes(), good.substr(0, good.size() - 1));
  put(path(), good.substr(0, good.find('\n') + 1));
  EXPECT_EQ(status_of([&] { add(1); }), 409);
  std::string bad = good;
  bad[bad.size() - 10] ^= 1;
  put(path(), bad);
  EXPECT_EQ(status_of([&] { add(1); }), 409);
  put(path(), good + std::string(3 * most_line, 'x') + "\n");
  EXPECT_EQ(status_of([&] { add(1); }), 409);
  EXPECT_EQ(what(), "altered 4");
}

TEST_F(StoreTest, NeitherLinksNorPipesAreWritten) {
  put(folder.file("else"), "untouched");
  std::filesystem::create_symlink("else", path());
  EXPECT_NE(status_of([&] { add(1); }), 0);
  std::filesystem::remove(path());
  ASSERT_EQ(::mkfifo(path().c_str(), 0600), 0);
  EXPECT_EQ(status_of([&] { add(1); }), 409);
  EXPECT_EQ(status_of([&] { verify(); }), 409);
  EXPECT_EQ(content_of(folder.file("else")), "untouched");
}

TEST_F(StoreTest, BoundsOfARecord) {
  EXPECT_EQ(status_of([&] { add(std::string(most_record + 1, 'x')); }), 413);
  add(std::string(most_record - 2, 'x'));
  add(std::string((most_record - 2) / 6, '\1'));
  EXPECT_EQ(what(), "good");
}

// In a child, since the limit and the signal are the process's.
TEST_F(StoreTest, AFullDiskLeavesTheStoreAsItWas) {
  fill(2);
  const std::string good = bytes();
  const pid_t child = ::fork();
  if (child == 0) {
    std::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{good.size() + 20, good.size() + 20};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    const int status = status_of([&] { add({{"page", std::string(100, 'x')}}); });
    ::_exit(status == 500 ? 0 : 1);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
  EXPECT_EQ(bytes(), good);
  fill(1);
  EXPECT_EQ(what(), "good");
}

TEST_F(StoreTest, KilledWhileAppending) {
  for (int round = 0; round < 20; ++round) {
    const pid_t child = ::fork();
    if (child == 0) {
      for (;;) add({{"text", std::string(20'000, 'x')}});
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(3));
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    add({{"round", round}});
    ASSERT_EQ(what(), "good");
  }
}

TEST_F(StoreTest, ManyAtOnceMakeOneChain) {
  std::vector<std::thread> all;
  for (int i = 0; i < 8; ++i)
    all.emplace_back([&] {
      for (int n = 0; n < 50; ++n) {
        add({{"n", n}});
        if (n % 10 == 0) {
          EXPECT_EQ(what(), "good");
        }
      }
    });
  for (auto& one : all) one.join();
  EXPECT_EQ(verify().head.number, 400u);
  EXPECT_EQ(what(), "good");
}

}  // namespace
}  // namespace workspace
