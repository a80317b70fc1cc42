// What is opened lies inside, whatever links and other things the agent puts there, and whenever.
#include "root.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/sysmacros.h>
#include <sys/un.h>

#include <atomic>
#include <thread>

#include "change.hpp"
#include "copy.hpp"
#include "edit.hpp"
#include "list.hpp"
#include "read.hpp"
#include "seat.hpp"
#include "write.hpp"

namespace workspace {
namespace {

class RootTest : public SeatTest {
 protected:
  std::string read(const std::string& path) {
    return refusal([&] { return run(&read_file, {{"path", path}}).at("text").get<std::string>(); });
  }
  std::string write(const std::string& path, const std::string& scope = "run") {
    return refusal([&] {
      return run(&write_file, {{"path", path}, {"content", "new"}}, scope).at("path").get<std::string>();
    });
  }
};

TEST_F(RootTest, LinksAreReadAsLongAsTheyStayInside) {
  put("upload/a", "of upload");
  std::filesystem::create_directory(at("output/sub"));
  link("../upload/a", "output/file");
  link("../upload", "output/folder");
  link("sub/../file", "output/twice");
  for (const char* path : {"output/file", "output/folder/a", "output/twice"})
    EXPECT_EQ(read(path), "of upload") << path;

  link("../../etc/passwd", "output/out");
  link("/etc/passwd", "output/absolute");
  link("..", "output/up");
  link("/proc/self/root/etc/passwd", "output/magic");
  link("/proc/self/cwd", "output/cwd");
  for (const char* path : {"output/out", "output/absolute", "output/magic", "output/cwd/a"})
    EXPECT_EQ(read(path), "403 leads_out") << path;
  EXPECT_EQ(read("output/up/upload/a"), "of upload");
  link("loop", "output/loop");
  EXPECT_EQ(read("output/loop"), "403 is_a_link");
  link("nowhere", "output/dangling");
  EXPECT_EQ(read("output/dangling"), "404 not_found");
}

TEST_F(RootTest, NothingIsWrittenThroughALink) {
  put("upload/a", "human's");
  link("../upload/a", "output/file");
  link("../upload", "output/folder");
  link("../.store", "deploy/store");
  link("/tmp", "output/tmp");
  EXPECT_EQ(write("output/file"), "403 is_a_link");
  EXPECT_EQ(write("output/folder/a"), "403 leads_out");
  EXPECT_EQ(write("output/folder/new"), "403 leads_out");
  EXPECT_EQ(write("output/folder/new/deeper"), "403 leads_out");
  EXPECT_EQ(write("deploy/store/x", "admin"), "403 leads_out");
  EXPECT_EQ(write("output/tmp/x"), "403 leads_out");
  EXPECT_EQ(refusal(&append_file, {{"path", "output/file"}, {"content", "x"}}), "403 is_a_link");
  EXPECT_EQ(refusal(&make_folder, {{"path", "output/folder/new"}}), "403 leads_out");
  EXPECT_EQ(refusal(&delete_entry, {{"path", "output/folder/a"}}), "403 leads_out");
  EXPECT_EQ(refusal(&move_entry, {{"from", "output/folder/a"}, {"to", "output/b"}}), "403 leads_out");
  EXPECT_EQ(get("upload/a"), "human's");
  EXPECT_EQ(count("upload"), 1u);
  EXPECT_EQ(count(".store"), 0u);
  // Within its part a folder may be a link.
  std::filesystem::create_directory(at("output/real"));
  link("real", "output/alias");
  EXPECT_EQ(write("output/alias/x/y"), "/workspace/output/alias/x/y");
  EXPECT_EQ(get("output/real/x/y"), "new");
}

TEST_F(RootTest, WhatIsNoFileIsRefusedWithTheReasonAndNeverWaitedFor) {
  ASSERT_EQ(::mkfifo(at("output/pipe").c_str(), 0644), 0);
  const berth::Fd listener(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_un name{};
  name.sun_family = AF_UNIX;
  at("output/socket").copy(name.sun_path, sizeof name.sun_path - 1);
  ASSERT_EQ(::bind(listener.get(), reinterpret_cast<const sockaddr*>(&name), sizeof name), 0);
  const bool device = ::mknod(at("output/device").c_str(), S_IFCHR | 0666, makedev(1, 5)) == 0;  // as root: /dev/zero
  for (const std::string one : {"pipe", "socket", "device"}) {
    if (one == "device" && !device) continue;
    const std::string path = "output/" + one;
    EXPECT_EQ(read(path), "422 not_a_file");
    EXPECT_EQ(write(path), "422 not_a_file");
    EXPECT_EQ(refusal(&append_file, {{"path", path}, {"content", "x"}}), "422 not_a_file");
    EXPECT_EQ(refusal(&copy_entry, {{"from", path}, {"to", "output/copy"}}), "422 not_a_file");
    try {
      run(&read_file, {{"path", path}});
      ADD_FAILURE() << path;
    } catch (const berth::Error& error) {
      EXPECT_NE(error.message().find("a " + one), std::string::npos) << error.message();
    }
    EXPECT_EQ(refusal([&] { return run(&delete_entry, {{"path", path}}).at("deleted").dump(); }), "1");
  }
  EXPECT_EQ(read("output"), "422 is_a_folder");
  EXPECT_EQ(count("output"), 0u);
}

// One thread swaps a folder for a link to upload/ or out of the workspace, as fast as it can; the operations go on.
// What they read and write is never what the link leads to.
TEST_F(RootTest, ALinkThatIsSwappedInMeanwhileLeadsNowhere) {
  berth::test::Folder outside;
  std::ofstream(outside.file("f")) << "outside";
  put("upload/f", "human's");
  std::filesystem::create_directory(at("output/d"));
  put("output/d/f", "inside");
  link("../upload", "output/to-upload");
  link(outside.path(), "output/to-outside");
  std::atomic<bool> over{false};
  std::thread swapper([&] {
    for (int i = 0; !over; ++i) {
      const std::string other = at(i % 2 ? "output/to-upload" : "output/to-outside");
      ::renameat2(AT_FDCWD, at("output/d").c_str(), AT_FDCWD, other.c_str(), RENAME_EXCHANGE);
      ::renameat2(AT_FDCWD, at("output/d").c_str(), AT_FDCWD, other.c_str(), RENAME_EXCHANGE);
    }
  });
  int went_well = 0;
  for (int i = 0; i < 3000; ++i) {
    const std::string text = read("output/d/f");
    EXPECT_EQ(text.find("outside"), std::string::npos);
    went_well += write("output/d/f")[0] == '/' ? 1 : 0;
    if (i % 7 == 0) refusal(&delete_entry, {{"path", "output/d/f"}});
    if (i % 11 == 0) refusal(&append_file, {{"path", "output/d/f"}, {"content", "x"}});
    if (i % 13 == 0) refusal(&make_folder, {{"path", "output/d/made"}});
    if (i % 17 == 0) refusal(&copy_entry, {{"from", "output/d"}, {"to", "output/copy"}, {"recursive", true}});
    if (i % 17 == 0) refusal(&delete_entry, {{"path", "output/copy"}, {"recursive", true}});
    if (i % 19 == 0) refusal(&delete_entry, {{"path", "output/d/made"}, {"recursive", true}});
  }
  over = true;
  swapper.join();
  EXPECT_GT(went_well, 0);
  EXPECT_EQ(get("upload/f"), "human's");
  EXPECT_EQ(count("upload"), 1u);
  EXPECT_EQ(berth::test::content_of(outside.file("f")), "outside");
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(outside.path()), {}), 1);
}

TEST_F(RootTest, AHardLinkIntoUploadIsNotWrittenThrough) {
  put("upload/a", "human's");
  ASSERT_EQ(::link(at("upload/a").c_str(), at("output/hard").c_str()), 0);
  EXPECT_EQ(refusal(&append_file, {{"path", "output/hard"}, {"content", "x"}}), "403 has_other_names");
  EXPECT_EQ(get("upload/a"), "human's");
  EXPECT_EQ(write("output/hard"), "/workspace/output/hard");
  EXPECT_EQ(get("output/hard"), "new");
  EXPECT_EQ(get("upload/a"), "human's");
}

TEST_F(RootTest, UploadIsTheHumans) {
  put("upload/a", "human's");
  EXPECT_EQ(read("upload/a"), "human's");
  EXPECT_EQ(write("upload/a"), "403 read_only");
  EXPECT_EQ(refusal(&delete_entry, {{"path", "upload/a"}}), "403 read_only");
  EXPECT_EQ(refusal(&move_entry, {{"from", "upload/a"}, {"to", "output/a"}}), "403 read_only");
  EXPECT_EQ(refusal(&move_entry, {{"from", "output/a"}, {"to", "upload/b"}}), "403 read_only");
  EXPECT_EQ(refusal(&copy_entry, {{"from", "upload/a"}, {"to", "upload/b"}}), "403 read_only");
  EXPECT_EQ(run(&copy_entry, {{"from", "upload/a"}, {"to", "output/b"}}).at("copied"), 1);
  EXPECT_EQ(write("upload/a", "admin"), "/workspace/upload/a");
  EXPECT_EQ(write(".store/a", "admin"), "403 append_only");
}

// Whatever the agent's programs put in its place: it leads nowhere, neither for writing nor for reading.
TEST_F(RootTest, TheTodoIsAFileOrRefused) {
  link("output/.todo.jsonl", ".todo.jsonl");
  EXPECT_EQ(read(".todo.jsonl"), "404 not_found");
  EXPECT_EQ(write(".todo.jsonl"), "/workspace/output/.todo.jsonl");
  EXPECT_EQ(get("output/.todo.jsonl"), "new");
  EXPECT_TRUE(std::filesystem::is_symlink(at(".todo.jsonl")));
  EXPECT_EQ(run(&append_file, {{"path", ".todo.jsonl"}, {"content", "er"}}).at("size"), 5);
  EXPECT_EQ(read(".todo.jsonl"), "newer");
  EXPECT_EQ(run(&show_facts, {{"path", ".todo.jsonl"}}).at("may_change"), true);
  put("upload/a", "human's");
  put(".store/s.jsonl", "host's");
  put("output/b", "agent's");
  const auto replaced = [&](const std::string& target) {
    std::filesystem::remove_all(at("output/.todo.jsonl"));
    link(target, "output/.todo.jsonl");
    EXPECT_EQ(read(".todo.jsonl"), "403 is_a_link") << target;
    EXPECT_EQ(read("output/.todo.jsonl"), "403 is_a_link") << target;
    EXPECT_EQ(write(".todo.jsonl"), "403 is_a_link") << target;
    EXPECT_EQ(refusal(&append_file, {{"path", ".todo.jsonl"}, {"content", "x"}}), "403 is_a_link") << target;
    EXPECT_EQ(refusal(&copy_entry, {{"from", ".todo.jsonl"}, {"to", "output/c"}}), "403 is_a_link") << target;
    EXPECT_EQ(refusal(&edit_file, {{"path", ".todo.jsonl"}, {"edits", Json::array()}}), "403 is_a_link") << target;
  };
  for (const char* target :
       {"../upload/a", "../.store/s.jsonl", "b", "/etc/passwd", "../../outside", ".todo.jsonl", "none"})
    replaced(target);
  EXPECT_EQ(get("upload/a"), "human's");
  EXPECT_EQ(get(".store/s.jsonl"), "host's");
  std::filesystem::remove_all(at("output/.todo.jsonl"));
  ASSERT_EQ(::mkfifo(at("output/.todo.jsonl").c_str(), 0644), 0);
  EXPECT_EQ(read(".todo.jsonl"), "422 not_a_file");
  EXPECT_EQ(write(".todo.jsonl"), "422 not_a_file");
  EXPECT_EQ(refusal(&append_file, {{"path", ".todo.jsonl"}, {"content", "x"}}), "422 not_a_file");
  std::filesystem::remove_all(at("output/.todo.jsonl"));
  std::filesystem::create_directory(at("output/.todo.jsonl"));
  EXPECT_EQ(read(".todo.jsonl"), "422 is_a_folder");
  EXPECT_EQ(write(".todo.jsonl"), "422 is_a_folder");
  EXPECT_EQ(refusal(&delete_entry, {{"path", ".todo.jsonl"}}).substr(0, 1), "{");
  EXPECT_EQ(write(".todo.jsonl"), "/workspace/output/.todo.jsonl");
}

}  // namespace
}  // namespace workspace
