// Moved, copied, deleted, made: what stays for ever, what is refused, what is left when something goes wrong.
#include "change.hpp"

#include <fcntl.h>
#include <sys/mount.h>

#include <atomic>
#include <thread>

#include "copy.hpp"
#include "seat.hpp"

namespace workspace {
namespace {

class ChangeTest : public SeatTest {
 protected:
  std::string move(const std::string& from, const std::string& to, Json more = Json::object()) {
    more["from"] = from;
    more["to"] = to;
    return refusal([&] { return run(&move_entry, more).at("path").get<std::string>(); });
  }
  std::string copy(const std::string& from, const std::string& to, Json more = Json::object()) {
    more["from"] = from;
    more["to"] = to;
    return refusal([&] { return run(&copy_entry, more).at("copied").dump(); });
  }
  std::string remove(const std::string& path, bool recursive = false, const std::string& scope = "run") {
    return refusal([&] {
      return run(&delete_entry, {{"path", path}, {"recursive", recursive}}, scope).at("deleted").dump();
    });
  }
};

TEST_F(ChangeTest, TheWorkspaceAndItsFoldersStay) {
  put("output/a", "x");
  for (const char* path : {"", ".", "/workspace", "/workspace/", "upload", "output", "output/", "./deploy", ".store"}) {
    for (const char* scope : {"run", "admin"}) EXPECT_EQ(remove(path, true, scope), "403 stays") << path;
    EXPECT_NE(move(path, "output/b")[0], '/') << path;
    EXPECT_NE(move("output/a", path, {{"replace", true}})[0], '/') << path;
    EXPECT_NE(copy("output/a", path, {{"replace", true}}), "1") << path;
  }
  EXPECT_EQ(move("output", "deploy/b"), "403 stays");
  EXPECT_EQ(move("output/a", "deploy", {{"replace", true}}), "403 stays");
  EXPECT_EQ(get("output/a"), "x");
  for (const char* part : {"upload", "output", "deploy", ".store"}) EXPECT_TRUE(there(part));
}

TEST_F(ChangeTest, Moves) {
  put("output/a", "a");
  put("output/b", "b");
  EXPECT_EQ(move("output/a", "deploy/new/c"), "/workspace/deploy/new/c");
  EXPECT_FALSE(there("output/a"));
  EXPECT_EQ(get("deploy/new/c"), "a");
  EXPECT_EQ(move("output/b", "deploy/new/c"), "409 exists");
  EXPECT_EQ(move("output/b", "deploy/new", {{"replace", true}}), "409 exists");
  EXPECT_EQ(move("output/b", "deploy/new/c", {{"replace", true}}), "/workspace/deploy/new/c");
  EXPECT_EQ(get("deploy/new/c"), "b");
  EXPECT_EQ(move("output/none", "output/x"), "404 not_found");
  EXPECT_EQ(move("deploy/new", "deploy/new/in/itself"), "422 into_itself");
  EXPECT_EQ(move("deploy/new", "output/x"), "/workspace/output/x");
  EXPECT_EQ(move("output/x/c", "c"), "403 read_only");
  EXPECT_EQ(move("output/x/c", "output/d", {{"expect_etag", "wrong"}}), "412 changed");
  link("c", "output/x/l");
  EXPECT_EQ(move("output/x/l", "output/l"), "/workspace/output/l");  // the link itself
  EXPECT_TRUE(there("output/x/c"));
}

// It would keep its owner and its other names: the agent could write to what is the human's, or lose what is its own.
TEST_F(ChangeTest, NothingIsMovedAcrossTheBoundsOfUpload) {
  put("output/a", "agent's");
  put("upload/b", "human's");
  const auto refused = [&](const char* from, const char* to, const char* scope) {
    return refusal(&move_entry, {{"from", from}, {"to", to}, {"replace", true}}, scope);
  };
  EXPECT_EQ(refused("output/a", "upload/a", "admin"), "422 another_owner");
  EXPECT_EQ(refused("upload/b", "output/b", "admin"), "422 another_owner");
  EXPECT_EQ(refused("upload/b", "output/b", "run"), "403 read_only");
  EXPECT_TRUE(there("output/a") && there("upload/b"));
  EXPECT_EQ(refused("upload/b", "upload/c", "admin")[0], '{');
  EXPECT_EQ(run(&copy_entry, {{"from", "output/a"}, {"to", "upload/a"}}, "admin").at("copied"), 1);
}

TEST_F(ChangeTest, DeletesWhatIsAsked) {
  std::filesystem::create_directories(at("output/a/b"));
  put("output/a/b/f", "x");
  put("upload/keep", "x");
  link("../../upload", "output/a/link");
  EXPECT_EQ(remove("output/a"), "409 not_empty");
  EXPECT_EQ(remove("output/none"), "404 not_found");
  EXPECT_EQ(remove("output/a", true), "4");
  EXPECT_EQ(count("output"), 0u);
  EXPECT_TRUE(there("upload/keep"));
  std::filesystem::create_directory(at("output/empty"));
  EXPECT_EQ(remove("output/empty"), "1");
  link("../upload", "output/l");
  EXPECT_EQ(remove("output/l", true), "1");
  EXPECT_TRUE(there("upload/keep"));
  EXPECT_EQ(remove(".store/x"), "403 append_only");
}

TEST_F(ChangeTest, DeletesWhatIsDeeperThanPathsReach) {
  berth::Fd folder(::open(at("output").c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  for (int i = 0; i < 3000; ++i) {
    ASSERT_EQ(::mkdirat(folder.get(), "deep", 0755), 0);
    folder = berth::Fd(::openat(folder.get(), "deep", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  }
  EXPECT_EQ(remove("output/deep", true), "3000");
  EXPECT_EQ(count("output"), 0u);
}

// Somebody fills the folder and swaps folders in it for links to upload/ while it is deleted: it ends, well or not, and
// upload/ is whole.
TEST_F(ChangeTest, DeletingMeetsSomebodyAtWork) {
  for (int i = 0; i < 20; ++i) put("upload/" + std::to_string(i), "human's");
  link("../../upload", "output/link");  // where it is swapped in, it leads there
  std::atomic<bool> over{false};
  std::thread busy([&] {
    for (int i = 0; !over; ++i) {
      const std::string name = at("output/d/" + std::to_string(i % 10));
      ::mkdir(name.c_str(), 0755);
      ::close(::open((name + "/f").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644));
      ::renameat2(AT_FDCWD, name.c_str(), AT_FDCWD, at("output/link").c_str(), RENAME_EXCHANGE);
      ::renameat2(AT_FDCWD, name.c_str(), AT_FDCWD, at("output/link").c_str(), RENAME_EXCHANGE);
    }
  });
  for (int i = 0; i < 300; ++i) {
    std::error_code ignored;
    std::filesystem::create_directory(at("output/d"), ignored);
    remove("output/d", true);
  }
  over = true;
  busy.join();
  for (int i = 0; i < 20; ++i) EXPECT_TRUE(there("upload/" + std::to_string(i)));
}

TEST_F(ChangeTest, MakesFolders) {
  EXPECT_EQ(run(&make_folder, {{"path", "output/a/b"}}).at("created"), true);
  EXPECT_EQ(run(&make_folder, {{"path", "output/a/b"}}).at("created"), false);
  EXPECT_EQ(run(&make_folder, {{"path", "upload/c/d"}}, "admin").at("created"), true);
  for (const char* made : {"output/a", "output/a/b", "upload/c", "upload/c/d"}) EXPECT_EQ(mode(made), 0755u) << made;
  EXPECT_EQ(run(&make_folder, {{"path", "output"}}).at("created"), false);
  put("output/f", "x");
  link("a", "output/l");
  EXPECT_EQ(refusal(&make_folder, {{"path", "output/f"}}), "409 exists");
  EXPECT_EQ(refusal(&make_folder, {{"path", "output/l"}}), "409 exists");
  EXPECT_EQ(refusal(&make_folder, {{"path", "output/x/y"}, {"parents", false}}), "404 not_found");
  EXPECT_EQ(refusal(&make_folder, {{"path", "other"}}), "403 read_only");
  EXPECT_EQ(refusal(&make_folder, {{"path", ".todo.jsonl"}}), "403 read_only");
  EXPECT_EQ(refusal(&make_folder, {{"path", "upload/x"}}), "403 read_only");
  EXPECT_EQ(refusal(&make_folder, {{"path", "output/f/x"}}), "422 not_a_folder");
}

TEST_F(ChangeTest, CopiesFiles) {
  put("upload/a", "human's");
  ASSERT_EQ(::chmod(at("upload/a").c_str(), 0755), 0);
  EXPECT_EQ(copy("upload/a", "output/x/a"), "1");
  EXPECT_EQ(get("output/x/a"), "human's");
  struct stat found {};
  ASSERT_EQ(::stat(at("output/x/a").c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777, 0755u);
  EXPECT_EQ(copy("upload/a", "output/x/a"), "409 exists");
  EXPECT_EQ(copy("output/x/a", "output/x/a", {{"replace", true}}), "1");
  EXPECT_EQ(get("output/x/a"), "human's");
  EXPECT_EQ(copy("output/none", "output/b"), "404 not_found");
  EXPECT_EQ(copy("upload/a", "output/x"), "422 is_a_folder");
  EXPECT_EQ(copy("upload/a", ".store/a"), "403 append_only");
}

TEST_F(ChangeTest, HolesStayHoles) {
  put("output/f", "begin");
  const berth::Fd file(::open(at("output/f").c_str(), O_WRONLY | O_CLOEXEC));
  ASSERT_EQ(::ftruncate(file.get(), 5ll << 30), 0);
  ASSERT_EQ(::pwrite(file.get(), "end", 3, 1ll << 32), 3);
  reopen(10u << 20);  // the quota counts what is on the disk
  EXPECT_EQ(copy("output/f", "output/g"), "1");
  struct stat found {};
  ASSERT_EQ(::stat(at("output/g").c_str(), &found), 0);
  EXPECT_EQ(found.st_size, 5ll << 30);
  EXPECT_LT(found.st_blocks * 512, 10 << 20);
  const berth::Fd made(::open(at("output/g").c_str(), O_RDONLY | O_CLOEXEC));
  char end[3];
  ASSERT_EQ(::pread(made.get(), end, 3, 1ll << 32), 3);
  EXPECT_EQ(std::string(end, 3), "end");
}

// It would take long, and the quota would be hit first.
TEST_F(ChangeTest, WhatIsTooMuchToCopyIsRefusedBeforeItIsBegun) {
  std::filesystem::create_directory(at("output/many"));
  for (std::size_t i = 0; i <= most_copied; ++i)
    ASSERT_EQ(::mknod(at("output/many/" + std::to_string(i)).c_str(), S_IFREG | 0600, 0), 0);
  put("output/many/1", std::string(8192, 'x'));
  reopen(4096);
  const Json whole{{"from", "output/many"}, {"to", "output/copy"}, {"recursive", true}};
  EXPECT_EQ(refusal(&copy_entry, whole), "413 too_many");
  ASSERT_TRUE(std::filesystem::remove(at("output/many/0")));
  EXPECT_EQ(refusal(&copy_entry, whole), "507 quota_exceeded");
}

TEST_F(ChangeTest, CopiesFolders) {
  std::filesystem::create_directories(at("upload/d/e"));
  put("upload/d/e/f", "deep");
  put("upload/d/g", "flat");
  link("../../.store", "upload/d/l");
  ASSERT_EQ(::mkfifo(at("upload/d/pipe").c_str(), 0600), 0);
  EXPECT_EQ(copy("upload/d", "output/c"), "422 is_a_folder");
  const Json done = run(&copy_entry, {{"from", "upload/d"}, {"to", "output/c"}, {"recursive", true}});
  EXPECT_EQ(done.at("copied"), 5);
  EXPECT_EQ(done.at("left_out"), 1);
  EXPECT_EQ(get("output/c/e/f"), "deep");
  for (const char* made : {"output/c", "output/c/e"}) EXPECT_EQ(mode(made), 0755u) << made;
  EXPECT_TRUE(std::filesystem::is_symlink(at("output/c/l")));
  EXPECT_EQ(copy("upload/d", "output/c", {{"recursive", true}}), "409 exists");
  EXPECT_EQ(copy("output/c", "output/c/e/x", {{"recursive", true}}), "422 into_itself");
  EXPECT_EQ(copy("", "output/all", {{"recursive", true}}), "422 into_itself");
  link(".", "output/me");
  EXPECT_EQ(copy("output/me", "output/mine", {{"recursive", true}}), "7");  // not itself within itself
  EXPECT_EQ(count("output"), 3u);
}

TEST_F(ChangeTest, WhatDoesNotFitIsNotHalfThere) {
  std::filesystem::create_directory(at("upload/d"));
  for (int i = 0; i < 10; ++i) put("upload/d/" + std::to_string(i), std::string(1u << 20, 'x'));
  reopen(15u << 20);
  EXPECT_EQ(copy("upload/d", "output/c", {{"recursive", true}}), "507 quota_exceeded");
  EXPECT_EQ(count("output"), 0u);
  reopen();
  if (::mount("berth-test", at("output").c_str(), "tmpfs", 0, "size=4m") != 0)
    GTEST_SKIP() << "no small disk can be mounted";
  EXPECT_EQ(copy("upload/d", "output/c", {{"recursive", true}}), "507 disk_full");
  EXPECT_EQ(count("output"), 0u);
  EXPECT_EQ(move("upload/d/0", "output/c"), "403 read_only");
  put("deploy/f", "x");
  EXPECT_EQ(move("deploy/f", "output/f"), "422 another_disk");
  ::umount2(at("output").c_str(), MNT_DETACH);
}

}  // namespace
}  // namespace workspace
