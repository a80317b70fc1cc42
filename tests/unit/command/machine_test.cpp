// What `berth doctor` finds on a machine: here in folders that the test made.
#include "command/machine.hpp"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <cstdlib>
#include <optional>

#include "service/unique_fd.hpp"
#include "unit/service/folder.hpp"

namespace berth::command {
namespace {

namespace fs = std::filesystem;
using What = loader::Need::What;

bool there(What what, const std::string& name) { return is_there({what, name, "", ""}); }

// A variable of the environment for as long as a test lasts.
class Environment {
 public:
  Environment(const char* name, const std::string& value) : m_name(name) {
    if (const char* before = std::getenv(name)) m_before = before;
    ::setenv(name, value.c_str(), 1);
  }
  ~Environment() {
    if (m_before)
      ::setenv(m_name, m_before->c_str(), 1);
    else
      ::unsetenv(m_name);
  }
  Environment(const Environment&) = delete;

 private:
  const char* m_name;
  std::optional<std::string> m_before;
};

TEST(Machine, HasAName) { EXPECT_FALSE(system_name().empty()); }

TEST(Machine, FindsProgramsOnThePath) {
  const test::Folder folder;
  fs::create_directories(folder.file("first/folder-tool"));
  fs::create_directories(folder.file("second"));
  test::put(folder.file("second/tool"), "");
  test::put(folder.file("second/text"), "");
  ::chmod(folder.file("second/tool").c_str(), 0700);
  ::chmod(folder.file("second/text").c_str(), 0600);
  const Environment path("PATH", folder.file("none") + "::" + folder.file("first") + ":" + folder.file("second"));
  EXPECT_TRUE(there(What::program, "tool"));
  EXPECT_FALSE(there(What::program, "text"));
  EXPECT_FALSE(there(What::program, "folder-tool"));
  EXPECT_FALSE(there(What::program, "none"));
  EXPECT_TRUE(there(What::program, folder.file("second/tool")));
  EXPECT_FALSE(there(What::program, folder.file("first/tool")));
}

TEST(Machine, FindsFilesAndLibraries) {
  const test::Folder folder;
  test::put(folder.file("libberthtest.so.1"), "");
  EXPECT_TRUE(there(What::file, folder.file("libberthtest.so.1")));
  EXPECT_FALSE(there(What::file, folder.file("none")));
  EXPECT_TRUE(there(What::library, folder.file("libberthtest.so.1")));
  EXPECT_FALSE(there(What::library, folder.file("none.so")));
  EXPECT_FALSE(there(What::library, "libberthtest.so.1"));
  const Environment path("LD_LIBRARY_PATH", folder.path());
  EXPECT_TRUE(there(What::library, "libberthtest.so.1"));
}

TEST(Machine, ReadsWhereTheLinkerLooks) {
  const test::Folder folder;
  fs::create_directories(folder.file("conf.d"));
  test::put(folder.file("ld.so.conf"), "# a remark\n  /first  # and why\n\ninclude " + folder.file("conf.d/*.conf") +
                                           " " + folder.file("none/*.conf") + "\n/last\n");
  test::put(folder.file("conf.d/a.conf"), "/second\n");
  test::put(folder.file("conf.d/b.conf"), "/third\n");
  test::put(folder.file("conf.d/c.text"), "/not-this\n");
  const Environment path("LD_LIBRARY_PATH", "/before:/all");
  const auto folders = library_folders(folder.file("ld.so.conf"));
  ASSERT_GT(folders.size(), 6u);
  EXPECT_THAT(std::vector<std::string>(folders.begin(), folders.begin() + 6),
              testing::ElementsAre("/before", "/all", "/first", "/second", "/third", "/last"));
  EXPECT_EQ(folders[6], "/lib");
}

// As Fedora's own file says it.
TEST(Machine, ReadsIncludesBesideTheFileThatNamesThem) {
  const test::Folder folder;
  fs::create_directories(folder.file("ld.so.conf.d"));
  test::put(folder.file("ld.so.conf"), "include ld.so.conf.d/*.conf\n");
  test::put(folder.file("ld.so.conf.d/a.conf"), "/included\n");
  EXPECT_THAT(library_folders(folder.file("ld.so.conf")), testing::Contains("/included"));
}

TEST(Machine, BearsConfigurationThatIncludesItselfOrIsNotThere) {
  const test::Folder folder;
  test::put(folder.file("ld.so.conf"), "include " + folder.file("ld.so.conf") + "\n/here\n");
  EXPECT_THAT(library_folders(folder.file("ld.so.conf")), testing::Contains("/here"));
  EXPECT_THAT(library_folders(folder.file("none")), testing::Contains("/usr/lib"));
}

TEST(Machine, KnowsWhereFilesCanBeHeld) {
  const test::Folder folder;
  test::put(folder.file("file"), "");
  EXPECT_TRUE(can_hold_files(folder.path()));
  EXPECT_TRUE(can_hold_files(folder.file("not/yet/there")));
  EXPECT_FALSE(can_hold_files(folder.file("file")));
  EXPECT_FALSE(can_hold_files(folder.file("file/below")));
}

TEST(Machine, KnowsFoldersThatAreClosed) {
  if (::geteuid() == 0) GTEST_SKIP() << "no folder is closed to root";
  const test::Folder folder;
  ::chmod(folder.path().c_str(), 0500);
  EXPECT_FALSE(can_hold_files(folder.path()));
  EXPECT_FALSE(can_hold_files(folder.file("below")));
}

TEST(Machine, SaysWhyNobodyCanListen) {
  const service::UniqueFd taken(::socket(AF_INET, SOCK_STREAM, 0));
  sockaddr_in name{};
  name.sin_family = AF_INET;
  name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof name;
  ASSERT_EQ(::bind(taken.get(), reinterpret_cast<sockaddr*>(&name), size), 0);
  ASSERT_EQ(::listen(taken.get(), 1), 0);
  ASSERT_EQ(::getsockname(taken.get(), reinterpret_cast<sockaddr*>(&name), &size), 0);
  const std::string port = std::to_string(ntohs(name.sin_port));
  EXPECT_EQ(port_trouble("127.0.0.1:" + port).why, "Address already in use");
  EXPECT_NE(port_trouble("127.0.0.1:" + port).get.find("ss -ltnp 'sport = :" + port + "'"), std::string::npos);
  EXPECT_EQ(listeners_of(ntohs(name.sin_port)), std::set<uid_t>{::geteuid()});
  EXPECT_TRUE(listeners_of(0).empty());
  EXPECT_EQ(port_trouble("127.0.0.1:0").why, "");
  EXPECT_EQ(port_trouble("192.0.2.1:0").why, "Cannot assign requested address");
  EXPECT_NE(port_trouble("192.0.2.1:0").get.find("ip address"), std::string::npos);
  EXPECT_NE(port_trouble("[::1:0").why, "");
}

}  // namespace
}  // namespace berth::command
