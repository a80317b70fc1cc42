// What a plan may say beyond a program: which numbers its descriptors have there, limits of its own, folders that are
// lent.
#include <gmock/gmock.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <filesystem>

#include "unit/jail/seat.hpp"

namespace berth::jail::test {
namespace {

using testing::HasSubstr;

// What it writes to descriptor `number`, which lies among others with numbers high and low.
std::string said_to(Jail& jail, int number) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return "no pipe";
  const service::UniqueFd from(ends[0]);
  service::UniqueFd to(ends[1]);
  const service::UniqueFd nothing(::open("/dev/null", O_RDWR | O_CLOEXEC));
  Plan plan = shell("ls /proc/self/fd | tr '\\n' ' ' >&" + std::to_string(number));
  plan.program = "/bin/bash";
  plan.fds = {nothing.get(), to.get(), nothing.get(), nothing.get(), nothing.get()};
  plan.numbers = {2, number, 0, 1, 20};
  const auto process = jail.spawn(plan);
  if (!process) return process.error().message;
  to = service::UniqueFd();
  char piece[4096];
  const ssize_t got = ::read(from.get(), piece, sizeof piece);
  (*process)->wait();
  return {piece, static_cast<std::size_t>(std::max<ssize_t>(0, got))};
}

TEST(Plan, DescriptorsHaveTheNumbersThatItSays) {
  Seat seat;
  const auto jail = seat.open();
  for (const int number : {3, 19, 24, 25, 26, 200, 255}) {
    const auto all = said_to(*jail, number);
    EXPECT_THAT(all, HasSubstr("20 ")) << number;
    EXPECT_THAT(" " + all, HasSubstr(" " + std::to_string(number) + " ")) << number;
  }
  Plan plan = shell("true");
  const service::UniqueFd nothing(::open("/dev/null", O_RDWR | O_CLOEXEC));
  plan.fds = {nothing.get(), nothing.get()};
  for (const auto& numbers : {std::vector<int>{0, 0}, {0, 256}, {-1, 0}, {0}}) {
    plan.numbers = numbers;
    EXPECT_EQ(jail->spawn(plan).error().code, "bad_plan");
  }
}

TEST(Plan, LimitsOfItsOwnMakeThoseOfTheJailNarrowerAndNeverWider) {
  Seat seat;
  Options options = Seat::options();
  options.limits.files = 100;
  const auto jail = seat.open(options);
  Plan plan = shell("ulimit -n; ulimit -f; ulimit -v");
  plan.program = "/bin/bash";
  plan.arguments[0] = "bash";
  plan.limits = {{RLIMIT_NOFILE, 50, 50}, {RLIMIT_FSIZE, 1 << 20, 1 << 20}, {RLIMIT_AS, 1 << 30, 1 << 30}};
  EXPECT_EQ(say(*jail, plan).output, "50\n1024\n1048576\n");
  plan.limits = {{RLIMIT_NOFILE, 5000, 5000}};
  EXPECT_THAT(say(*jail, plan).output, HasSubstr("100\n"));
  plan.limits.assign(9, {RLIMIT_NOFILE, 50, 50});
  EXPECT_EQ(jail->spawn(plan).error().code, "bad_plan");
}

TEST(Plan, HowItEndedHasItsUsage) {
  Seat seat;
  const auto jail = seat.open();
  const auto said = say(*jail, "i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done; exit 7");
  EXPECT_EQ(said.end.status, 7 << 8);
  EXPECT_GT(said.end.usage.ru_maxrss, 100);
  EXPECT_GT(said.end.usage.ru_utime.tv_usec + said.end.usage.ru_utime.tv_sec, 0);
  EXPECT_EQ(say(*jail, "kill -9 $$").end.status, 9);
}

TEST(Plan, ALentFolderIsEachOnesOwn) {
  Seat seat;
  if (!seat.has("mount")) GTEST_SKIP() << seat.jails().isolation().find("mount")->detail;
  const std::string folder = seat.folder().file("lent");
  ASSERT_EQ(::mkdir(folder.c_str(), 0700), 0);
  berth::test::put(folder + "/ours", "ours");
  ::chmod((folder + "/ours").c_str(), 0600);
  Options options = Seat::options();
  options.mounts = {{Mount::Kind::read_write, folder, folder, 0, true}};
  const auto jail = seat.open(options);
  EXPECT_EQ(
      say(*jail, "cd " + folder + " && cat ours && umask 077 && echo theirs > theirs && stat -c %U theirs").output,
      "oursagent\n");
  struct stat it {};
  ASSERT_EQ(::stat((folder + "/theirs").c_str(), &it), 0);
  EXPECT_EQ(it.st_uid, ::geteuid());
  EXPECT_EQ(berth::test::content_of(folder + "/theirs"), "theirs\n");
}

}  // namespace
}  // namespace berth::jail::test
