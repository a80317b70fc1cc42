// What may be read, and how much of it.
#include <gtest/gtest.h>
#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include <filesystem>

#include "listing.hpp"
#include "log_file.hpp"
#include "unit/service/folder.hpp"

namespace machine {
namespace {

using berth::Error;
using berth::Json;

// The temporary folder is its maker's alone; what lies in it is public once that is open.
class FilesTest : public testing::Test {
 protected:
  FilesTest() {
    ::chmod(m_folder.path().c_str(), 0755);
    std::filesystem::create_directories(at("open/below"));
    ::chmod(at("open").c_str(), 0755);
    ::chmod(at("open/below").c_str(), 0755);
    put("open/a.txt", "hello\n", 0644);
    put("open/secret.txt", "secret\n", 0640);
    put("outside.txt", "outside\n", 0644);
  }
  std::string at(const std::string& name) const { return m_folder.file(name); }
  void put(const std::string& name, const std::string& text, mode_t mode) {
    berth::test::put(at(name), text);
    ::chmod(at(name).c_str(), mode);
  }
  std::string problem(const std::function<void()>& what) {
    try {
      what();
    } catch (const Error& error) {
      return error.code();
    }
    return "none";
  }
  std::string reading(const std::string& path) {
    return problem([&] { read_file(m_places, {{"path", path}}); });
  }
  Json directories() {
    return list_directories(m_places, {{"path", at("open")}, {"sort", "size"}}, [] { return false; });
  }
  std::string log(const std::string& path, bool also_private = false) {
    return problem([&] { read_log(at("open"), also_private, {{"path", path}}); });
  }
  berth::test::Folder m_folder;
  Places m_places{{m_folder.file("open")}};
};

TEST_F(FilesTest, OnlyWhatIsListedAndPublic) {
  EXPECT_EQ(read_file(m_places, {{"path", at("open/a.txt")}})["text"], "hello\n");
  EXPECT_EQ(reading(at("open/secret.txt")), "not_public");
  EXPECT_EQ(reading(at("outside.txt")), "not_listed");
  EXPECT_EQ(reading(at("opened")), "not_listed");
  EXPECT_EQ(reading(at("open/none")), "not_found");
  EXPECT_EQ(reading(at("open/below")), "is_a_folder");
  EXPECT_EQ(reading(at("open/../outside.txt")), "bad_path");
  EXPECT_EQ(reading("open/a.txt"), "bad_path");
  EXPECT_EQ(reading(""), "bad_path");
  EXPECT_EQ(reading(at("open") + std::string("/a\0b", 4)), "bad_path");
  EXPECT_EQ(problem([&] { read_file(Places({at("open/")}), {{"path", at("open/a.txt")}}); }), "none");
  EXPECT_EQ(problem([&] { read_file(Places({at("open/a.txt")}), {{"path", at("open/a.txt")}}); }), "none");
  EXPECT_EQ(problem([] { read_file(Places({}), {{"path", "/etc/os-release"}}); }), "not_listed");
}

TEST_F(FilesTest, AFolderThatIsClosedAboveClosesWhatIsBelow) {
  put("open/below/b.txt", "b\n", 0644);
  EXPECT_EQ(reading(at("open/below/b.txt")), "none");
  ::chmod(at("open/below").c_str(), 0750);
  EXPECT_EQ(reading(at("open/below/b.txt")), "not_public");
  ::chmod(at("open/below").c_str(), 0755);
  ::chmod(m_folder.path().c_str(), 0700);
  EXPECT_EQ(reading(at("open/below/b.txt")), "not_public");
}

// Whoever asks as root could otherwise be told what lies where nobody else may look.
TEST_F(FilesTest, WhatIsInAClosedFolderIsNotToldByTheErrorEither) {
  std::filesystem::create_directories(at("open/below/inner"));
  put("open/below/b.txt", "b\n", 0644);
  put("open/below/inner/c.txt", "c\n", 0644);
  std::filesystem::create_symlink("loop", at("open/below/loop"));
  std::filesystem::create_symlink("/etc", at("open/below/out"));
  ::chmod(at("open/below").c_str(), 0700);
  const auto said = [&](const std::function<void()>& what) {
    try {
      what();
    } catch (const Error& error) {
      return std::to_string(error.status()) + error.code() + error.hint();
    }
    return std::string("none");
  };
  for (const char* name : {"b.txt", "none", "none/deeper", "inner", "inner/c.txt", "inner/none", "b.txt/none", "loop",
                           "loop/none", "out", "out/passwd"}) {
    const std::string path = std::string("below/") + name;
    EXPECT_EQ(said([&] {
                read_file(m_places, {{"path", at("open/" + path)}});
              }),
              said([&] {
                read_file(m_places, {{"path", at("open/below/b.txt")}});
              }))
        << path;
    EXPECT_EQ(reading(at("open/" + path)), "not_public") << path;
    EXPECT_EQ(log(path), "not_public") << path;
  }
  const std::string none = at("open/below/none");  // listed itself
  EXPECT_EQ(problem([&] { read_file(Places({none}), {{"path", none}}); }), "not_public");
  EXPECT_EQ(log("below/none", true), "not_found");
  ::chmod(at("open/below").c_str(), 0711);  // where strangers may try names
  EXPECT_EQ(reading(at("open/below/none")), "not_found");
  EXPECT_EQ(reading(at("open/below/b.txt/none")), "not_a_folder");
  EXPECT_EQ(reading(at("open/below/loop")), "is_a_link");
}

TEST_F(FilesTest, ErrorsOfTheSystemAreToldAsSuch) {
  EXPECT_EQ(reading(at("open/") + std::string(300, 'x')), "path_too_long");
  for (const int number : {EMFILE, ENFILE}) EXPECT_EQ(not_opened(number, "/x").code(), "busy");
  EXPECT_EQ(not_opened(ENOSYS, "/x").code(), "no_openat2");
  EXPECT_EQ(not_opened(EAGAIN, "/x").code(), "changed");
}

TEST_F(FilesTest, ASecondProcIsNeverReadEither) {
  std::filesystem::create_directories(at("open/proc"));
  if (::mount("x", at("open/proc").c_str(), "proc", 0, nullptr) != 0) GTEST_SKIP() << "this wants root";
  const std::string pid = "proc/" + std::to_string(::getpid());
  for (const auto& path : {pid + "/cmdline", pid + "/none", std::string("proc/none"), std::string("proc/loadavg")}) {
    EXPECT_EQ(reading(at("open/" + path)), "never_read") << path;
    EXPECT_EQ(log(path), "never_read") << path;
    EXPECT_EQ(log(path, true), "never_read") << path;
  }
  ::umount2(at("open/proc").c_str(), MNT_DETACH);
}

TEST_F(FilesTest, LinksDoNotLeadOut) {
  std::filesystem::create_symlink("../outside.txt", at("open/out"));
  std::filesystem::create_symlink("/etc", at("open/etc"));
  std::filesystem::create_symlink("a.txt", at("open/in"));
  EXPECT_EQ(reading(at("open/out")), "leads_out");
  EXPECT_EQ(reading(at("open/etc/passwd")), "leads_out");
  EXPECT_EQ(reading(at("open/in")), "none");
  EXPECT_EQ(log("out"), "leads_out");
  EXPECT_EQ(log("etc/passwd"), "leads_out");
}

TEST_F(FilesTest, ProcessesAndDevicesAreNeverRead) {
  const Places all({"/"});
  for (const char* path : {"/proc/self/environ", "/proc/1/cmdline", "/proc/self/root/etc/passwd",
                           "/proc/thread-self/maps", "/proc/kmsg", "/proc/keys", "/dev/null", "/proc"})
    EXPECT_NE(problem([&] { read_file(all, {{"path", path}}); }), "none") << path;
  EXPECT_EQ(problem([&] { read_file(all, {{"path", "/etc/shadow"}}); }), "not_public");
  EXPECT_EQ(problem([&] { read_file(all, {{"path", "/proc/loadavg"}}); }), "none");
  EXPECT_TRUE(is_never("/proc/12/stat"));
  EXPECT_TRUE(is_never("/proc"));
  EXPECT_TRUE(is_never("(unreachable)/x"));
  EXPECT_FALSE(is_never("/process/x"));
}

TEST_F(FilesTest, PipesAreNotWaitedFor) {
  ASSERT_EQ(::mkfifo(at("open/pipe").c_str(), 0644), 0);
  EXPECT_EQ(reading(at("open/pipe")), "not_a_file");
  EXPECT_EQ(log("pipe"), "not_a_file");
}

TEST_F(FilesTest, ReadsInPieces) {
  std::string large(300'000, 'x');
  put("open/large", large, 0644);
  const Json first = read_file(m_places, {{"path", at("open/large")}});
  EXPECT_EQ(first["truncated"], true);
  const Json rest = read_file(m_places, {{"path", at("open/large")}, {"from", first["next"]}});
  EXPECT_EQ(first["text"].get<std::string>().size() + rest["text"].get<std::string>().size(), large.size());
  EXPECT_EQ(rest["truncated"], false);
  put("open/binary", std::string("a\0b", 3), 0644);
  EXPECT_EQ(reading(at("open/binary")), "not_text");
}

TEST_F(FilesTest, ListsInEachOrder) {
  put("open/large", std::string(1000, 'x'), 0644);
  std::filesystem::create_symlink("a.txt", at("open/link"));
  const auto names = [&](const Json& more) {
    Json input{{"path", at("open")}};
    input.update(more);
    std::string all;
    const Json listed = list_files(m_places, input);
    for (const auto& one : listed["entries"]) all += one["name"].get<std::string>() + " ";
    return all;
  };
  EXPECT_EQ(names(Json::object()), "a.txt large secret.txt ");
  EXPECT_EQ(names({{"sort", "size"}, {"order", "descending"}}), "large secret.txt a.txt ");
  EXPECT_EQ(names({{"limit", 1}}), "a.txt ");
  EXPECT_EQ(list_files(m_places, {{"path", at("open")}, {"limit", 1}})["truncated"], true);
}

TEST_F(FilesTest, FoldersHaveTheSizeOfWhatIsOpenBelow) {
  put("open/below/a", std::string(1000, 'x'), 0644);
  std::filesystem::create_directories(at("open/below/closed"));
  std::filesystem::create_directories(at("open/shut"));
  put("open/below/closed/b", std::string(1000, 'x'), 0644);
  put("open/shut/c", std::string(1000, 'x'), 0644);
  ::chmod(at("open/below/closed").c_str(), 0750);
  ::chmod(at("open/shut").c_str(), 0750);
  const Json all = directories();
  ASSERT_EQ(all["total"], 2) << all;
  EXPECT_EQ(all["entries"][0]["size"], 0);
  EXPECT_EQ(all["entries"][0].value("size_is_more", false), true);
  EXPECT_EQ(all["entries"][1]["size"], 1000);
  EXPECT_EQ(all["entries"][1].value("size_is_more", false), true);
}

TEST_F(FilesTest, OtherDisksAreNotCounted) {
  std::filesystem::create_directories(at("open/other"));
  std::filesystem::create_directories(at("open/below/other"));
  std::vector<std::string> mounted;
  for (const auto& where : {at("open/other"), at("open/below/other")}) {
    if (::mount("x", where.c_str(), "tmpfs", 0, "mode=755") != 0) break;
    mounted.push_back(where);
    berth::test::put(where + "/file", std::string(5000, 'x'));
  }
  const Json all = directories();
  for (const auto& where : mounted) ::umount2(where.c_str(), MNT_DETACH);
  if (mounted.size() < 2) GTEST_SKIP() << "this wants root";
  ASSERT_EQ(all["total"], 2) << all;
  for (const auto& one : all["entries"]) {
    EXPECT_EQ(one["size"], 0) << all;
    EXPECT_EQ(one.value("size_is_more", false), true) << all;
  }
}

TEST_F(FilesTest, LogsThatAreNotPublicAreOpenedByTheOperator) {
  EXPECT_EQ(log("a.txt"), "none");
  EXPECT_EQ(log(at("open/a.txt")), "none");
  EXPECT_EQ(problem([&] { read_log(at("open//"), false, {{"path", at("open/a.txt")}}); }), "none");
  EXPECT_EQ(log("secret.txt"), "not_public");
  EXPECT_EQ(log("secret.txt", true), "none");
  EXPECT_EQ(log("/etc/passwd", true), "not_a_log");
  EXPECT_EQ(log("../outside.txt", true), "leads_out");
  EXPECT_EQ(log("below", true), "is_a_folder");
  EXPECT_EQ(log("none", true), "not_found");
}

class EndTest : public testing::Test {
 protected:
  End end(const std::string& text, std::size_t lines, std::size_t most) {
    berth::test::put(m_folder.file("f"), text);
    const berth::Fd file(::open(m_folder.file("f").c_str(), O_RDONLY | O_CLOEXEC));
    return end_of(file.get(), text.size(), lines, most);
  }
  berth::test::Folder m_folder;
};

TEST_F(EndTest, LastLines) {
  EXPECT_EQ(end("", 3, 100).text, "");
  EXPECT_EQ(end("a\nb\nc\n", 2, 100).text, "b\nc\n");
  EXPECT_EQ(end("a\nb\nc", 2, 100).text, "b\nc");
  EXPECT_EQ(end("a\nb\nc\n", 9, 100).text, "a\nb\nc\n");
  EXPECT_FALSE(end("a\nb\nc\n", 3, 100).truncated);
  EXPECT_TRUE(end("a\nb\nc\n", 2, 100).truncated);
  EXPECT_EQ(end("\n\n\n", 2, 100).text, "\n\n");
  EXPECT_EQ(end("a\nb\nc\n", 2, 100).lines, 2u);
}

TEST_F(EndTest, WhatCannotBeReadIsNoEmptyText) {
  berth::test::put(m_folder.file("f"), "a\n");
  const berth::Fd file(::open(m_folder.file("f").c_str(), O_WRONLY | O_CLOEXEC));
  EXPECT_THROW(end_of(file.get(), 2, 1, 100), Error);
}

TEST_F(EndTest, BoundedInBytes) {
  EXPECT_EQ(end("aaaa\nbbbb\ncccc\n", 9, 7).text, "cccc\n");
  EXPECT_EQ(end(std::string(100, 'x'), 1, 10).text, std::string(10, 'x'));
  std::string large;
  for (int i = 0; i < 50'000; ++i) large += "line " + std::to_string(i) + "\n";
  const End last = end(large, 10'000, 1u << 20);
  EXPECT_EQ(last.lines, 10'000u);
  EXPECT_EQ(last.text.substr(0, 11), "line 40000\n");
}

}  // namespace
}  // namespace machine
