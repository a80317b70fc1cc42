// What is done to a store's file behind the host's back is found, byte by byte, and nothing is added to make it look
// right.
#include <chrono>
#include <thread>

#include "stored.hpp"

namespace workspace {
namespace {

// The last byte but one, and every other: none may be changed, inserted or taken away.
TEST_F(StoreTest, EveryByteIsVouchedFor) {
  fill(3);
  const std::string good = bytes();
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

// What follows a forged record would vouch for it.
TEST_F(StoreTest, NothingIsAddedToAForgedStore) {
  fill(3);
  const auto good = berth::test::lines_of(bytes());
  const std::string kept = content_of(folder.file(".citations.head"));
  ChainHead head{2, berth::read_json(good[1])->at("sha256")};
  std::string forged = good[0] + "\n" + good[1] + "\n";
  for (int i = 0; i < 2; ++i) {  // as many as before, and one more
    const std::string line = record_line("citations", head, "now", "root", {{"forged", i}});
    forged += line;
    head = {head.number + 1, line.substr(line.size() - 67, 64)};
    put(path(), forged);
    EXPECT_EQ(status_of([&] { add(1); }), 409);
    EXPECT_EQ(what(), "altered 3");
    EXPECT_EQ(bytes(), forged);
    EXPECT_EQ(content_of(folder.file(".citations.head")), kept);
  }
}

TEST_F(StoreTest, AnotherStoresRecordsAreNone) {
  fill(2);
  std::filesystem::copy_file(path(), folder.file("other.jsonl"));
  const Store other(at.get(), "other", proven);
  EXPECT_EQ(status_of([&] { other.append(1, "root"); }), 409);
  EXPECT_EQ(status_of([&] { other.read(1, 1, much); }), 409);
  const auto verdict = other.verify({}, [] { return true; });
  ASSERT_TRUE(verdict.broken);
  EXPECT_EQ(verdict.broken->what, "altered");
}

// Nor are they, where it is the same file that was walked already.
TEST_F(StoreTest, AnotherStoresRecordsAreNoneUnderASecondName) {
  const std::string text(most_record / 2, 'x');
  for (int i = 0; i < 3; ++i) add(text);
  std::filesystem::create_hard_link(path(), folder.file("other.jsonl"));
  std::filesystem::copy_file(folder.file(".citations.head"), folder.file(".other.head"));
  EXPECT_EQ(store.read(1, 1, much).records.size(), 1u);
  const std::string before = bytes();
  const Store other(at.get(), "other", proven);
  EXPECT_EQ(status_of([&] { other.append(1, "root"); }), 409);
  EXPECT_EQ(bytes(), before);
}

TEST_F(StoreTest, AStoreThatWasDeletedIsNotBegunAnew) {
  fill(3);
  std::filesystem::remove(path());
  EXPECT_EQ(status_of([&] { add(1); }), 409);
  EXPECT_FALSE(std::filesystem::exists(path()));
  EXPECT_EQ(what(), "truncated 1");
  EXPECT_EQ(status_of([&] { store.read(1, 1, much); }), 409);
  EXPECT_EQ(Store::names(at.get()), std::vector<std::string>{"citations"});
}

TEST_F(StoreTest, OfABrokenStoreNothingIsReadAndNothingIsAdded) {
  fill(4);
  const std::string good = bytes();
  const auto all = berth::test::lines_of(good);
  const auto refused = [&](const std::string& text, const std::string& first) {
    put(path(), text);
    for (const auto& work : {std::function<void()>([&] { store.read(1, 1, much); }), {[&] { add(1); }}}) {
      try {
        work();
        ADD_FAILURE() << text;
      } catch (const Error& error) {
        EXPECT_EQ(error.status(), 409);
        EXPECT_EQ(error.code(), "store_broken");
        EXPECT_NE(error.message().find("record " + first), std::string::npos) << error.message();
      }
    }
    EXPECT_EQ(bytes(), text);
  };
  const auto of = [&](std::initializer_list<std::size_t> order) {
    std::string text;
    for (const auto i : order) text += all[i - 1] + "\n";
    return text;
  };
  refused(of({1, 3, 4}), "2");
  refused(of({2, 1, 3, 4}), "1");
  refused(of({1, 2, 3}), "4");
  refused(of({1, 2, 3, 4, 4}), "5");
  refused(of({}), "1");
  refused(good.substr(0, good.size() - 1), "4");
  refused(of({1}) + "x" + good.substr(of({1}).size()), "2");
  std::string forged;  // a chain that is good in itself
  ChainHead head;
  for (int i = 1; i <= 4; ++i) {
    const std::string line = record_line("citations", head, "now", "root", {{"page", i + 1}});
    forged += line;
    head = {head.number + 1, line.substr(line.size() - 67, 64)};
  }
  refused(forged, "4");
  put(path(), good);
  EXPECT_EQ(store.read(1, 10, much).records.size(), 4u);
}

// A large store is not walked for each call; what is done to it behind the host's back is seen all the same.
TEST_F(StoreTest, WhatWasProvenIsProvenAgainOnceItsFileHasChanged) {
  const std::string text(most_record / 2, 'x');
  for (int i = 0; i < 3; ++i) add(text);
  EXPECT_EQ(store.read(2, 1, much).records.size(), 1u);
  std::string bad = bytes();
  bad[bad.find("xx")] = 'y';
  std::this_thread::sleep_for(std::chrono::milliseconds(50));  // ticks of the kernel's clock
  put(path(), bad);
  EXPECT_EQ(status_of([&] { store.read(2, 1, much); }), 409);
  EXPECT_EQ(status_of([&] { add(1); }), 409);
  EXPECT_EQ(what(), "altered 1");
  bad[bad.find("yx")] = 'x';
  put(path(), bad);
  EXPECT_EQ(add(1).head.number, 4u);
  put(folder.file(".citations.head"), "");  // nobody remembers more
  EXPECT_EQ(store.read(1, 9, much).total, 4u);
}

}  // namespace
}  // namespace workspace
