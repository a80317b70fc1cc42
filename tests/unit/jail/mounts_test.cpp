// What a jail sees of the file system.
#include <gmock/gmock.h>

#include <filesystem>

#include "unit/jail/seat.hpp"

namespace berth::jail::test {
namespace {

using testing::HasSubstr;

TEST(Mounts, MountsOfEachKind) {
  Seat seat;
  if (!seat.has("mount")) GTEST_SKIP() << seat.jails().isolation().find("mount")->detail;
  using Kind = Mount::Kind;
  const auto& folder = seat.folder();
  for (const char* name : {"ro", "rw"}) std::filesystem::create_directories(folder.file(name));
  berth::test::put(folder.file("ro/file"), "given");
  Options options = Seat::options();
  options.user = seat.jails().take_user();
  if (::geteuid() == 0) {
    ASSERT_EQ(::chown(folder.file("rw").c_str(), *options.user, *options.user), 0);
  }
  options.mounts = {{Kind::read_only, folder.file("ro"), "/w/ro"},
                    {Kind::read_write, folder.file("rw"), "/w/rw"},
                    {Kind::alias, "/w", "/mnt/other"},
                    {Kind::link, "w/rw", "/short"},
                    {Kind::file, "said\n", "/etc/issue"},
                    {Kind::hide, "", "/usr/share/doc"},
                    {Kind::scratch, "", "/scratch", 1 << 20}};
  const auto jail = seat.open(options);
  EXPECT_EQ(jail->user(), seat.jails().isolation().changes_user ? *options.user : ::geteuid());
  EXPECT_EQ(say(*jail, "cat /mnt/other/ro/file").output, "given");
  EXPECT_THAT(say(*jail, "touch /mnt/other/ro/x").output, HasSubstr("Read-only file system"));
  EXPECT_EQ(say(*jail, "echo mine > /short/x && cat /mnt/other/rw/x").output, "mine\n");
  EXPECT_EQ(berth::test::content_of(folder.file("rw/x")), "mine\n");
  EXPECT_EQ(say(*jail, "cat /etc/issue; ls /usr/share/doc").output, "said\n");
  EXPECT_THAT(say(*jail, "head -c 2000000 /dev/zero > /scratch/x").output, HasSubstr("No space left"));
}

TEST(Mounts, TmpAndShmAreItsOwnAndBounded) {
  Seat seat;
  if (!seat.has("mount")) GTEST_SKIP() << seat.jails().isolation().find("mount")->detail;
  Options options = Seat::options();
  options.limits.tmp = options.limits.shm = 1 << 20;
  const auto one = seat.open(options);
  options.name += "-two";
  const auto two = seat.open(options);
  EXPECT_EQ(say(*one, "echo one > /tmp/x; echo one > /dev/shm/x; cat /tmp/x").output, "one\n");
  EXPECT_EQ(say(*two, "ls /tmp /dev/shm | grep x").output, "");
  EXPECT_EQ(say(*one, "cat /tmp/x").output, "one\n") << "the next process finds what the last one left";
  EXPECT_THAT(say(*one, "head -c 2000000 /dev/zero > /tmp/y").output, HasSubstr("No space left"));
  EXPECT_THAT(say(*one, "head -c 2000000 /dev/zero > /dev/shm/y").output, HasSubstr("No space left"));
}

TEST(Mounts, TheUsualViewOfAWorkspace) {
  const auto all = workspace_mounts("/data/one", {"/mnt/alias"});
  ASSERT_EQ(all.size(), 4u);
  EXPECT_EQ(all[0].kind, Mount::Kind::read_only);
  EXPECT_EQ(all[1].target, "/workspace/output");
  EXPECT_EQ(all[1].kind, Mount::Kind::read_write);
  EXPECT_EQ(all[3].source, "/workspace");
}

TEST(Mounts, APlaceIsToldWhereJailsHaveTheMachinesPaths) {
  Seat seat({"mount"});
  Options options = Seat::options();
  options.mounts = workspace_mounts(seat.folder().path());
  const auto jail = seat.open(options);
  EXPECT_EQ(jail->place("/workspace/output/x"), seat.folder().path() + "/output/x");
  EXPECT_EQ(jail->place("/workspaces"), "/workspaces");
  EXPECT_EQ(jail->place(jail->place("/workspace/output/x")), seat.folder().path() + "/output/x")
      << "what a program there says of its place";
  EXPECT_EQ(jail->place(jail->place("/tmp/x")), jail->place("/tmp/x"));
  EXPECT_EQ(jail->place("/usr/bin"), "/usr/bin");
  EXPECT_EQ(say(*jail, "echo mine > " + jail->place("/tmp/x") + " && cat " + jail->place("/tmp/x")).output, "mine\n");
  const std::string tmp = jail->place("/tmp");
  EXPECT_FALSE(jail->close());
  EXPECT_FALSE(std::filesystem::exists(tmp));
}

}  // namespace
}  // namespace berth::jail::test
