// What processes may put into /proc about themselves is read as what it is.
#include <gtest/gtest.h>

#include "fields.hpp"
#include "task_text.hpp"
#include "users.hpp"

namespace machine {
namespace {

const std::string numbers =
    " S 7 1 1 0 -1 4194560 100 0 0 0 250 50 0 0 20 5 3 0 8000 1048576 256 18446744073709551615 1 1 0 0 0 0 0 0 0 0 0 0 "
    "17 1";

TEST(TaskText, StatOfAnOrdinaryProcess) {
  const auto stat = task_stat_of("42 (bash)" + numbers + "\n");
  ASSERT_TRUE(stat);
  EXPECT_EQ(stat->pid, 42);
  EXPECT_EQ(stat->name, "bash");
  EXPECT_EQ(stat->state, 'S');
  EXPECT_EQ(stat->parent, 7);
  EXPECT_EQ(stat->ticks, 300u);
  EXPECT_EQ(stat->nice, 5);
  EXPECT_EQ(stat->threads, 3u);
  EXPECT_EQ(stat->begun, 8000u);
  EXPECT_EQ(stat->virtual_size, 1048576u);
  EXPECT_EQ(stat->resident_pages, 256u);
}

TEST(TaskText, NamesWithBracketsBlanksAndLineFeeds) {
  for (const std::string name : {"a) R 1 (b", ") (", "))))", "", " x ", "(sd-pam)"}) {
    const auto stat = task_stat_of("42 (" + name + ")" + numbers);
    ASSERT_TRUE(stat) << name;
    EXPECT_EQ(stat->name, name);
    EXPECT_EQ(stat->parent, 7);
  }
  EXPECT_EQ(task_stat_of("42 (a\nb\x1b\xff)" + numbers)->name, "a?b?\xef\xbf\xbd");
}

TEST(TaskText, HalfAStatIsNone) {
  const std::string whole = "42 (bash)" + numbers;
  const auto enough = whole.find(" 256");  // the last number that is looked at
  for (std::size_t size = 0; size < enough; ++size) EXPECT_FALSE(task_stat_of(whole.substr(0, size))) << size;
  EXPECT_FALSE(task_stat_of(")42(" + numbers));
  EXPECT_FALSE(task_stat_of("x (bash)" + numbers));
}

TEST(TaskText, StatusHasTheEffectiveUserAndBytes) {
  const auto status =
      task_status_of("Name:\tx\nUid:\t1000\t1001\t1000\t1000\nVmHWM:\t  10 kB\nRssFile:\t 3 kB\nVmSwap: x\n");
  EXPECT_EQ(status.user, 1001u);
  EXPECT_EQ(status.peak, 10240u);
  EXPECT_EQ(status.shared, 3072u);
  EXPECT_EQ(status.swap, 0u);
  EXPECT_FALSE(task_status_of("Name:\tUid: 0 0\nUid\n").user);
  // A name cannot forge a line: the kernel escapes line feeds there; the first line of a key counts anyway.
  EXPECT_EQ(task_status_of("Uid:\t1\t1\nUid:\t0\t0\n").user, 1u);
}

TEST(TaskText, Limits) {
  const auto limits = limits_of(
      "Limit                     Soft Limit           Hard Limit           Units     \n"
      "Max cpu time              unlimited            unlimited            seconds   \n"
      "Max open files            1024                 1048576              files     \n"
      "Max nice priority         0                    0                    \nMax \nMax x\n");
  ASSERT_EQ(limits.size(), 3u);
  EXPECT_TRUE(limits[0]["soft"].is_null());
  EXPECT_EQ(limits[1], (berth::Json{{"name", "open files"}, {"soft", 1024}, {"hard", 1048576}, {"unit", "files"}}));
  EXPECT_FALSE(limits[2].contains("unit"));
}

TEST(TaskText, CommandsAreOneLineAndBounded) {
  using namespace std::string_literals;
  EXPECT_EQ(command_of("ls\0-l\0a b\0"s), "ls -l a b");
  EXPECT_EQ(command_of("\0\0"s), "");
  EXPECT_EQ(command_of("a\nb\0"s), "a?b");
  EXPECT_EQ(command_of(std::string(10'000, 'x')).size(), 4096u);
}

TEST(TaskText, UsersByNumber) {
  const Users users("root:x:0:0::/root:/bin/sh\nbad\n:x\na:x:b:c\nwww:x:33\nroot2:x:0:0\n");
  EXPECT_EQ(users.name_of(0), "root");
  EXPECT_EQ(users.name_of(33), "www");
  EXPECT_EQ(users.name_of(7), "7");
}

TEST(Fields, NumbersAreWholeOrNothing) {
  EXPECT_EQ(bytes_of("12 kB"), 12288u);
  EXPECT_FALSE(bytes_of("18446744073709551615 kB"));
  EXPECT_FALSE(bytes_of("12 MB"));
  EXPECT_FALSE(decimal_of("1e9999"));
  EXPECT_FALSE(decimal_of("nan"));
  EXPECT_FALSE(number_of<int>("1x"));
  EXPECT_EQ(words_of("  a \t b\n").size(), 2u);
  EXPECT_EQ(shown("\xe4\xb8\xad\xe6\x96\x87", 4), "\xe4\xb8\xad");
}

}  // namespace
}  // namespace machine
