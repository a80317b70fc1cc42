// A store only grows, also when its host is killed or its disk is full; half a record goes with the next.
#include "store.hpp"

#include <sys/resource.h>
#include <sys/wait.h>

#include <csignal>
#include <thread>

#include "stored.hpp"

namespace workspace {
namespace {

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

TEST_F(StoreTest, TheAgentMayRead) {
  fill(1);
  for (const char* name : {"citations.jsonl", ".citations.head"}) {
    struct stat about {};
    ASSERT_EQ(::stat(folder.file(name).c_str(), &about), 0);
    EXPECT_EQ(about.st_mode & 07777, 0644u) << name;
  }
}

TEST_F(StoreTest, ReadsRanges) {
  fill(50);
  const auto part = store.read(20, 5, much);
  EXPECT_EQ(part.total, 50u);
  ASSERT_EQ(part.records.size(), 5u);
  EXPECT_EQ(part.records[0]["n"], 20);
  EXPECT_EQ(store.read(51, 5, much).records.size(), 0u);
  EXPECT_EQ(store.read(1, 50, 800).records.size(), 3u);
  EXPECT_EQ(store.read(1, 50, 1).records.size(), 1u);
  EXPECT_EQ(status_of([&] { Store(at.get(), "none", proven).read(1, 1, 1); }), 404);
}

TEST_F(StoreTest, HalfARecordGoesWithTheNextAppend) {
  fill(2);
  const std::string good = bytes();
  const auto line = record_line("citations", {2, "x"}, "now", "me", {{"page", 3}});
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

TEST_F(StoreTest, AHeadThatACrashLeftBehindIsMadeUpFor) {
  fill(2);
  const std::string before = content_of(folder.file(".citations.head"));
  fill(3);
  put(folder.file(".citations.head"), before);
  EXPECT_EQ(what(), "good");
  EXPECT_EQ(add(1).head.number, 6u);
  EXPECT_EQ(what(), "good");
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

// On a slow disk the others' turn may take longer than the store waits.
void patiently(const std::function<void()>& work) {
  for (int tries = 0; tries < 100; ++tries) {
    try {
      return work();
    } catch (const Error& error) {
      if (error.code() != "store_busy") throw;
    }
  }
  ADD_FAILURE() << "the store is busy all the time";
}

TEST_F(StoreTest, ManyAtOnceMakeOneChain) {
  std::vector<std::thread> all;
  for (int i = 0; i < 8; ++i)
    all.emplace_back([&] {
      for (int n = 0; n < 50; ++n) {
        patiently([&] { add({{"n", n}}); });
        if (n % 10 == 0) patiently([&] { EXPECT_EQ(what(), "good"); });
      }
    });
  for (auto& one : all) one.join();
  EXPECT_EQ(verify().head.number, 400u);
  EXPECT_EQ(what(), "good");
}

}  // namespace
}  // namespace workspace
