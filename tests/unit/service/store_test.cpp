// A folder of one's own: nothing outside it is reached, whatever the name or the link, and nothing is half written.
#include "service/store.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <thread>
#include <vector>

#include "unit/service/folder.hpp"

namespace berth::service {
namespace {

struct StoreTest : testing::Test {
  StoreTest() {
    auto opened = Store::open(folder.file("deep/store"));
    EXPECT_TRUE(opened);
    store.emplace(std::move(*opened));
  }
  std::string at(const std::string& name) const { return folder.file("deep/store/" + name); }
  test::Folder folder;
  std::optional<Store> store;
};

TEST_F(StoreTest, KeepsWhatIsWritten) {
  EXPECT_FALSE(store->write("a/b/c.txt", "one", true));
  EXPECT_FALSE(store->write("a/b/c.txt", "two", false));
  EXPECT_FALSE(store->append("a/b/c.txt", " three", true));
  EXPECT_EQ(*store->read("a/b/c.txt", 100), "two three");
  const auto all = store->list("a/b");
  ASSERT_EQ(all->size(), 1u);
  EXPECT_EQ((*all)[0].name, "c.txt");
  EXPECT_EQ((*all)[0].size, 9u);
  EXPECT_TRUE((*store->list(""))[0].folder);
  EXPECT_EQ(store->remove("a")->code, "file_error");  // not empty
  EXPECT_FALSE(store->remove("a/b/c.txt"));
  EXPECT_FALSE(store->remove("a/b"));
  EXPECT_EQ(store->read("a/b/c.txt", 100).error().status, 404);
  struct stat there {};
  ASSERT_EQ(::stat(at("").c_str(), &there), 0);
  EXPECT_EQ(there.st_mode & 0777, 0700u);
}

TEST_F(StoreTest, NoNameLeadsOut) {
  std::ofstream(folder.file("secret")) << "secret";
  const std::string names[] = {
      "",  "/etc/passwd",          "../../secret", "a/../../../secret",   "..",      ".", "a//b", "a/",
      "/", std::string("a\0b", 3), "\xff",         std::string(300, 'x'), ".new-123"};
  for (const auto& name : names) {
    EXPECT_EQ(store->read(name, 100).error().code, "bad_name") << name;
    EXPECT_EQ(store->write(name, "x", false)->code, "bad_name") << name;
    EXPECT_EQ(store->append(name, "x", false)->code, "bad_name") << name;
    EXPECT_EQ(store->remove(name)->code, "bad_name") << name;
  }
  EXPECT_EQ(test::content_of(folder.file("secret")), "secret");
}

TEST_F(StoreTest, NoLinkLeadsOut) {
  std::ofstream(folder.file("secret")) << "secret";
  ASSERT_EQ(::symlink(folder.file("secret").c_str(), at("file").c_str()), 0);
  ASSERT_EQ(::symlink(folder.path().c_str(), at("folder").c_str()), 0);
  EXPECT_FALSE(store->read("file", 100));
  EXPECT_FALSE(store->read("folder/secret", 100));
  EXPECT_TRUE(store->append("file", "x", false));
  EXPECT_TRUE(store->write("folder/new", "x", false));
  EXPECT_TRUE(store->remove("folder/secret"));
  EXPECT_FALSE(store->list("folder"));
  EXPECT_TRUE(store->list("")->empty());
  EXPECT_FALSE(store->write("file", "mine", false));  // takes the link's place
  EXPECT_EQ(*store->read("file", 100), "mine");
  EXPECT_EQ(test::content_of(folder.file("secret")), "secret");
}

TEST_F(StoreTest, ReadsFilesAndNothingElse) {
  ASSERT_EQ(::mkfifo(at("pipe").c_str(), 0600), 0);
  ASSERT_EQ(::mkdir(at("folder").c_str(), 0700), 0);
  EXPECT_FALSE(store->read("pipe", 100));  // and does not wait for a writer
  EXPECT_FALSE(store->read("folder", 100));
  EXPECT_TRUE(store->append("pipe", "x", false));
  EXPECT_FALSE(store->write("big", std::string(101, 'x'), false));
  EXPECT_EQ(store->read("big", 100).error().code, "file_too_large");
}

TEST_F(StoreTest, ADiskThatIsFullLeavesTheOldContent) {
  EXPECT_FALSE(store->write("file", "old", false));
  EXPECT_FALSE(store->write("log", "line\n", false));
  rlimit before{};
  ::getrlimit(RLIMIT_FSIZE, &before);
  const auto handler = ::signal(SIGXFSZ, SIG_IGN);
  const rlimit small{1000, before.rlim_max};
  ::setrlimit(RLIMIT_FSIZE, &small);
  const auto written = store->write("file", std::string(5000, 'x'), true);
  const auto appended = store->append("log", std::string(5000, 'x'), true);
  ::setrlimit(RLIMIT_FSIZE, &before);
  ::signal(SIGXFSZ, handler);
  ASSERT_TRUE(written && appended);
  EXPECT_EQ(written->code, "disk_full");
  EXPECT_EQ(*store->read("file", 100), "old");
  EXPECT_EQ(*store->read("log", 100), "line\n");
  EXPECT_EQ(store->list("")->size(), 2u);
}

TEST_F(StoreTest, AReaderSeesOldOrNewWhileOthersWrite) {
  EXPECT_FALSE(store->write("file", std::string(100'000, 'a'), false));
  std::thread writer([&] {
    for (int i = 0; i < 200; ++i)
      EXPECT_FALSE(store->write("file", std::string(100'000, static_cast<char>('a' + i % 26)), false));
  });
  for (int i = 0; i < 200; ++i) {
    const auto content = store->read("file", 1u << 20);
    ASSERT_TRUE(content);
    ASSERT_EQ(content->size(), 100'000u);
    ASSERT_EQ(content->find_first_not_of(content->front()), std::string::npos);
  }
  writer.join();
}

struct BoundedStore : StoreTest {
  BoundedStore() { store.emplace(std::move(*Store::open(folder.file("deep/store"), 10 * 4096))); }
  void expect_full(const std::optional<Error>& error) {
    ASSERT_TRUE(error);
    EXPECT_EQ(error->status, 507);
    EXPECT_EQ(error->code, "store_full");
    EXPECT_NE(error->message.find("limit of 40 KiB"), std::string::npos) << error->message;
  }
};

TEST_F(BoundedStore, RefusesWhatDoesNotFitAndKeepsWhatIsThere) {
  EXPECT_FALSE(store->write("large", std::string(30'000, 'a'), false));
  expect_full(store->write("more", std::string(20'000, 'b'), false));
  expect_full(store->append("large", std::string(20'000, 'b'), false));
  EXPECT_EQ(store->read("large", 100'000)->size(), 30'000u);
  EXPECT_EQ(store->list("")->size(), 1u);                                // and nothing half written
  EXPECT_FALSE(store->write("large", std::string(30'000, 'c'), false));  // in its own place
  EXPECT_FALSE(store->write("large", "small", false));
  EXPECT_FALSE(store->write("more", std::string(20'000, 'b'), false));
  EXPECT_FALSE(store->remove("more"));
  EXPECT_FALSE(store->write("again", std::string(20'000, 'b'), false));
}

TEST_F(BoundedStore, ManyEmptyFilesAndFoldersAreNotFree) {
  int made = 0;
  while (made < 100 && !store->write("empty" + std::to_string(made), "", false)) ++made;
  EXPECT_EQ(made, 10);
  for (int i = 0; i < made; ++i) EXPECT_FALSE(store->remove("empty" + std::to_string(i)));
  expect_full(store->write("1/2/3/4/5/6/7/8/9/10/11", "", false));
}

TEST_F(BoundedStore, CountsWhatCameAndWentWithoutIt) {
  EXPECT_FALSE(store->write("one", std::string(30'000, 'a'), false));
  ::unlink(at("one").c_str());
  EXPECT_FALSE(store->write("two", std::string(30'000, 'a'), false));
  test::put(at("three"), std::string(30'000, 'a'));
  store.emplace(std::move(*Store::open(folder.file("deep/store"), 10 * 4096)));  // as after a start
  expect_full(store->write("four", "x", false));
  std::filesystem::create_directory_symlink("/usr", at("link"));  // not followed
  ::unlink(at("three").c_str());
  EXPECT_FALSE(store->write("four", "x", false));
}

TEST_F(BoundedStore, WhatAKilledWriteLeftBehindGoes) {
  std::filesystem::create_directories(at("sub"));
  for (const char* name : {"sub/.new-0123456789ab", "sub/.new-under-way"}) test::put(at(name), "left");
  const auto long_ago = std::filesystem::file_time_type::clock::now() - std::chrono::hours(2);
  std::filesystem::last_write_time(at("sub/.new-0123456789ab"), long_ago);
  EXPECT_FALSE(store->write("one", "x", false));
  EXPECT_FALSE(std::filesystem::exists(at("sub/.new-0123456789ab")));
  EXPECT_TRUE(std::filesystem::exists(at("sub/.new-under-way")));  // perhaps another instance's
}

TEST_F(BoundedStore, ManyAtOnceStayBelowIt) {
  std::vector<std::thread> threads;
  std::atomic<int> written{0};
  for (int i = 0; i < 8; ++i)
    threads.emplace_back([&, i] {
      for (int j = 0; j < 10; ++j)
        written += store->write(std::to_string(i) + "-" + std::to_string(j), "x", false) ? 0 : 1;
    });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(written, 10);
}

}  // namespace
}  // namespace berth::service
