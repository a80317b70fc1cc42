// Whatever happens in a folder is told, also in folders that are new, and a reader who is too slow is told that.
#include "watch.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <condition_variable>
#include <fstream>
#include <memory>
#include <mutex>
#include <thread>

#include "new_file.hpp"
#include "unit/service/folder.hpp"

namespace workspace {
namespace {

namespace fs = std::filesystem;
using berth::test::Folder;
using berth::test::put;
using What = Change::What;

std::string text(const Change& change) {
  static const char* const words[] = {"created", "changed", "deleted", "moved", "lost", "gone"};
  std::string line = words[static_cast<int>(change.what)];
  if (!change.path.empty()) line += " " + change.path;
  if (change.what == What::moved) line += " from " + change.from;
  return line + (change.folder && change.what < What::lost ? "/" : "");
}

struct WatchTest : testing::Test {
  void begin() {
    watch = std::make_unique<Watch>(berth::Fd(::open(folder.path().c_str(), O_RDONLY | O_DIRECTORY)));
    reader = std::thread([this] {
      watch->run([this](const Change& change) {
        std::unique_lock lock(mutex);
        woken.wait(lock, [this] { return !held; });
        told.push_back(text(change));
        woken.notify_all();
        return true;
      });
    });
  }
  void hold(bool now) {
    const std::lock_guard lock(mutex);
    held = now;
    woken.notify_all();
  }
  bool hears(const std::string& line) {
    std::unique_lock lock(mutex);
    return woken.wait_for(lock, std::chrono::seconds(20),
                          [&] { return std::find(told.begin(), told.end(), line) != told.end(); });
  }
  std::size_t times(const std::string& line) {
    const std::lock_guard lock(mutex);
    return static_cast<std::size_t>(std::count(told.begin(), told.end(), line));
  }
  // Until the last of what came before has been told.
  void settle() {
    const std::string name = "mark" + std::to_string(++marks);
    put(folder.file(name), "");
    EXPECT_TRUE(hears("created " + name));
  }
  ~WatchTest() override {
    hold(false);
    if (watch) watch->end();
    if (reader.joinable()) reader.join();
  }
  // As the kernel counts them; the watch itself belongs to its thread.
  static std::size_t watched() {
    std::size_t count = 0;
    for (const auto& one : fs::directory_iterator("/proc/self/fd")) {
      std::error_code gone;
      if (fs::read_symlink(one.path(), gone) != "anon_inode:inotify") continue;
      std::ifstream facts("/proc/self/fdinfo/" + one.path().filename().string());
      for (std::string line; std::getline(facts, line);) count += line.starts_with("inotify ") ? 1 : 0;
    }
    return count;
  }
  Folder folder;
  std::mutex mutex;
  std::condition_variable woken;
  std::vector<std::string> told;
  bool held = false;
  int marks = 0;
  std::unique_ptr<Watch> watch;
  std::thread reader;
};

TEST_F(WatchTest, TellsWhatHappens) {
  fs::create_directories(folder.file("old/deep"));
  put(folder.file("old/deep/a"), "1");
  begin();
  EXPECT_EQ(watched(), 3u);
  put(folder.file("old/deep/a"), "2");
  EXPECT_TRUE(hears("changed old/deep/a"));
  put(folder.file("b\n\xff"), "x");
  EXPECT_TRUE(hears("created b\n\xff"));
  fs::rename(folder.file("b\n\xff"), folder.file("old/c"));
  EXPECT_TRUE(hears("moved old/c from b\n\xff"));
  fs::remove(folder.file("old/c"));
  EXPECT_TRUE(hears("deleted old/c"));
  fs::rename(folder.file("old"), folder.file("new"));
  EXPECT_TRUE(hears("moved new from old/"));
  put(folder.file("new/deep/a"), "3");
  EXPECT_TRUE(hears("changed new/deep/a"));
  fs::remove_all(folder.file("new"));
  EXPECT_TRUE(hears("deleted new/deep/a"));
  EXPECT_TRUE(hears("deleted new/"));
  settle();
  EXPECT_EQ(watched(), 1u);
}

TEST_F(WatchTest, NewFoldersAreWatchedAndNothingInThemIsLostOrToldTwice) {
  begin();
  for (int i = 0; i < 50; ++i) {
    const std::string at = "d" + std::to_string(i) + "/e/f";
    fs::create_directories(folder.file(at));
    put(folder.file(at + "/x"), "x");
  }
  settle();
  for (int i = 0; i < 50; ++i) {
    const std::string at = "d" + std::to_string(i);
    for (const auto& line : {at + "/", at + "/e/", at + "/e/f/", at + "/e/f/x"}) {
      EXPECT_TRUE(hears("created " + line)) << line;
      EXPECT_EQ(times("created " + line), 1u) << line;
    }
  }
  put(folder.file("d7/e/f/x"), "y");
  EXPECT_TRUE(hears("changed d7/e/f/x"));
  put(folder.file("d7/e/f/z"), "y");
  EXPECT_TRUE(hears("created d7/e/f/z"));
}

// As the operations write: the half that a file is until then is nobody's concern.
TEST_F(WatchTest, AWriteInOneStepIsOneChange) {
  for (const char* part : {"output", "deploy"}) fs::create_directory(folder.file(part));
  const Root root({berth::Fd(::open(folder.path().c_str(), O_RDONLY | O_DIRECTORY)), ::geteuid()});
  begin();
  const auto write = [&](const char* path, NewFile::Over over) {
    NewFile half(root, root.place(path), true);
    half.write("x");
    half.put(over);
  };
  write("output/a", NewFile::Over::file);
  settle();
  EXPECT_EQ(times("created output/a"), 1u);
  EXPECT_EQ(times("changed output/a"), 0u);
  write("output/a", NewFile::Over::file);
  write("output/new/b", NewFile::Over::nothing);
  settle();
  EXPECT_EQ(times("changed output/a"), 1u);
  EXPECT_EQ(times("created output/a"), 1u);
  EXPECT_EQ(times("created output/new/b"), 1u);
  const std::lock_guard lock(mutex);
  for (const auto& line : told) EXPECT_EQ(line.find("half"), std::string::npos) << line;
}

// As on disks that know no files without a name: written under the one, renamed to the other.
TEST_F(WatchTest, HalvesWithNamesAreNotToldEither) {
  begin();
  const std::string digits = "0123456789abcdef", half = ".berth-half-" + digits, over = ".berth-half-over-" + digits;
  put(folder.file(half), "x");
  fs::rename(folder.file(half), folder.file("a"));
  put(folder.file(half), "y");
  fs::rename(folder.file(half), folder.file(over));
  fs::rename(folder.file(over), folder.file("a"));
  put(folder.file(half), "z");
  fs::remove(folder.file(half));
  put(folder.file("b"), "agent's");
  fs::rename(folder.file("b"), folder.file(half));
  fs::remove(folder.file(half));
  put(folder.file(".berth-half-mine"), "nobody's half");
  settle();
  EXPECT_EQ(times("created a"), 1u);
  EXPECT_EQ(times("changed a"), 1u);
  EXPECT_EQ(times("deleted b"), 1u);
  EXPECT_EQ(times("created .berth-half-mine"), 1u);
  const std::lock_guard lock(mutex);
  for (const auto& line : told) EXPECT_EQ(line.find(digits), std::string::npos) << line;
}

TEST_F(WatchTest, InAndOutOfWhatIsWatched) {
  Folder elsewhere;
  fs::create_directories(elsewhere.file("in/deep"));
  put(elsewhere.file("in/deep/a"), "x");
  begin();
  fs::rename(elsewhere.file("in"), folder.file("in"));
  EXPECT_TRUE(hears("created in/"));
  EXPECT_TRUE(hears("created in/deep/a"));
  settle();
  EXPECT_EQ(watched(), 3u);
  fs::rename(folder.file("in"), elsewhere.file("out"));
  EXPECT_TRUE(hears("deleted in/"));
  put(elsewhere.file("out/deep/a"), "unseen");
  settle();
  EXPECT_EQ(watched(), 1u);
  EXPECT_EQ(times("changed in/deep/a"), 0u);
}

TEST_F(WatchTest, LinksAreNotFollowed) {
  Folder elsewhere;
  fs::create_directory_symlink(elsewhere.path(), folder.file("link"));
  begin();
  put(elsewhere.file("secret"), "x");
  settle();
  EXPECT_EQ(watched(), 1u);
  EXPECT_EQ(times("created link/secret"), 0u);
}

TEST_F(WatchTest, WhoIsTooSlowIsToldToLookAgain) {
  std::ifstream("/proc/sys/fs/inotify/max_queued_events") >> marks;
  const int queue = marks;
  begin();
  hold(true);
  for (int i = 0; i < queue + 2000; ++i) {
    const std::string name = folder.file("f" + std::to_string(i));
    ::close(::open(name.c_str(), O_CREAT | O_WRONLY, 0600));
    ::unlink(name.c_str());
    if (i == queue / 2) fs::create_directory(folder.file("d"));
  }
  hold(false);
  EXPECT_TRUE(hears("lost"));
  settle();
  put(folder.file("d/x"), "x");
  EXPECT_TRUE(hears("created d/x"));
}

TEST_F(WatchTest, AFolderThatGoesEndsIt) {
  fs::create_directory(folder.file("w"));
  watch = std::make_unique<Watch>(berth::Fd(::open(folder.file("w").c_str(), O_RDONLY | O_DIRECTORY)));
  reader = std::thread([this] {
    watch->run([this](const Change& change) {
      const std::lock_guard lock(mutex);
      told.push_back(text(change));
      woken.notify_all();
      return true;
    });
  });
  fs::remove(folder.file("w"));
  EXPECT_TRUE(hears("gone"));
}

TEST_F(WatchTest, EndsAtOnceAndLeavesNoDescriptor) {
  const auto open_now = [] { return std::distance(fs::directory_iterator("/proc/self/fd"), fs::directory_iterator()); };
  const auto before = open_now();
  for (int i = 0; i < 50; ++i) {
    Watch one(berth::Fd(::open(folder.path().c_str(), O_RDONLY | O_DIRECTORY)));
    std::thread inside([&one] { one.run([](const Change&) { return true; }); });
    one.end();
    inside.join();
  }
  EXPECT_EQ(open_now(), before);
}

}  // namespace
}  // namespace workspace
