// Many at once: processes that change the file, threads that look while it changes, and a thousand tokens.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <thread>

#include "seat.hpp"

namespace berth::session {
namespace {

using service::ManualClock;
using test::fixed_token;
using test::Folder;
using test::Seat;

// As two shells with `berth token create` at once would: processes, not threads, and one store each.
TEST(TokensRace, ManyProcessesLoseNothing) {
  constexpr int processes = 6, each = 10;
  Seat seat;
  std::vector<pid_t> children;
  for (int p = 0; p < processes; ++p) {
    const pid_t child = ::fork();
    if (child == 0) {
      TokenStore own({seat.file()}, seat.clock);
      bool good = true;
      for (int i = 0; i < each; ++i) {
        const std::string name = std::to_string(p) + "." + std::to_string(i);
        good = own.create(name, Scope::read, std::nullopt, std::nullopt) && good;
        if (i % 2 == 1) good = !own.revoke(name) && good;
      }
      ::_exit(good ? 0 : 1);
    }
    children.push_back(child);
  }
  for (const pid_t child : children) {
    int status = 0;
    ::waitpid(child, &status, 0);
    EXPECT_EQ(status, 0);
  }
  const auto list = seat.store.list();
  ASSERT_TRUE(list);
  EXPECT_EQ(list->size(), static_cast<std::size_t>(processes * each / 2));
}

TEST(TokensRace, AThousandLookupsFromManyThreadsWhileTokensComeAndGo) {
  Seat seat;
  const service::Clock clock;
  TokenStore store({seat.file()}, clock);
  const auto stays = seat.make(store, "stays");
  std::atomic<bool> stop{false};
  std::atomic<int> missed{0};
  std::vector<std::thread> readers;
  for (int t = 0; t < 4; ++t) {
    readers.emplace_back([&] {
      while (!stop) {
        if (!store.find(stays.secret) || store.find("berth_wrong")) ++missed;
        store.generation();
      }
    });
  }
  for (int i = 0; i < 30; ++i) {
    const auto goes = seat.make(store, "goes");
    EXPECT_TRUE(store.find(goes.secret));
    EXPECT_FALSE(store.revoke("goes"));
    EXPECT_FALSE(store.find(goes.secret));
    store.replace_fixed({fixed_token("lua", std::to_string(i))});
  }
  stop = true;
  for (std::thread& reader : readers) reader.join();
  EXPECT_EQ(missed, 0);
}

TEST(TokensRace, AThousandTokensAreFound) {
  const Folder folder;
  const ManualClock clock;
  std::vector<Token> many;
  for (int i = 0; i < 1000; ++i)
    many.push_back(fixed_token("t" + std::to_string(i), "secret number " + std::to_string(i)));
  TokenStore store({folder.file("t"), many}, clock);
  for (int i = 0; i < 1000; ++i) {
    const auto who = store.find("secret number " + std::to_string(i));
    ASSERT_TRUE(who);
    ASSERT_EQ(who->name, "t" + std::to_string(i));
  }
}

}  // namespace
}  // namespace berth::session
