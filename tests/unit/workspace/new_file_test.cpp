// How a file comes to its place on disks and systems that are not as the usual ones are, and with which names in
// between. What a system refuses is refused to a child alone.
#include "new_file.hpp"

#include <fcntl.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/inotify.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <csignal>
#include <vector>

#include "seat.hpp"
#include "write.hpp"

namespace workspace {
namespace {

constexpr int cannot = 77;

class NewFileTest : public SeatTest {
 protected:
  std::string write(const std::string& path, const std::string& content, bool create_only = false) {
    return refusal(&write_file, {{"path", path}, {"content", content}, {"create_only", create_only}});
  }
  // Does `work` in a child, after `limit` has changed its system; and that is false if it cannot.
  void in_child(const std::function<bool()>& limit, const std::function<void()>& work) {
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      if (!limit()) ::_exit(cannot);
      work();
      std::fflush(nullptr);
      ::_exit(HasFailure() ? 1 : 0);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    if (WIFEXITED(status) && WEXITSTATUS(status) == cannot) GTEST_SKIP() << "the system cannot be limited so";
    EXPECT_EQ(status, 0) << "what went wrong stands above";
  }
  // Every way to a file's place, and nothing left beside.
  void expect_all_to_work() {
    EXPECT_EQ(write("output/a", "old")[0], '{');
    EXPECT_EQ(write("output/a", "new")[0], '{');
    EXPECT_EQ(write("output/once", "first", true)[0], '{');
    EXPECT_EQ(write("output/once", "second", true), "409 exists");
    std::signal(SIGXFSZ, SIG_IGN);
    const rlimit small{4096, 4096};
    EXPECT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
    for (const char* path : {"output/a", "output/none"})
      EXPECT_EQ(write(path, std::string(10'000, 'x')), "413 file_too_large");
  }
  void expect_what_was_written() {
    EXPECT_EQ(get("output/a"), "new");
    EXPECT_EQ(get("output/once"), "first");
    EXPECT_EQ(count("output"), 2u);
  }
  std::vector<std::string> made(int watching) {
    std::vector<std::string> names;
    alignas(inotify_event) char bytes[4096];
    const ssize_t size = ::read(watching, bytes, sizeof bytes);
    for (ssize_t at = 0; at < size;) {
      const auto* event = reinterpret_cast<const inotify_event*>(bytes + at);
      names.emplace_back(event->name);
      at += static_cast<ssize_t>(sizeof *event + event->len);
    }
    return names;
  }
};

bool answer(int number, int call, const std::vector<scmp_arg_cmp>& when) {
  const scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
  const auto count = static_cast<unsigned>(when.size());
  const auto errno_of = SCMP_ACT_ERRNO(static_cast<std::uint16_t>(number));
  const bool good =
      filter && seccomp_rule_add_array(filter, errno_of, call, count, when.data()) == 0 && seccomp_load(filter) == 0;
  seccomp_release(filter);
  return good;
}

bool without_nameless_files(int number) {
  return answer(number, SCMP_SYS(openat), {SCMP_A2(SCMP_CMP_MASKED_EQ, O_TMPFILE, O_TMPFILE)}) &&
         ::open("/tmp", O_TMPFILE | O_RDWR, 0600) < 0;
}

TEST_F(NewFileTest, DisksWithoutNamelessFiles) {
  for (const int number : {EOPNOTSUPP, EISDIR, EINVAL, ENOSYS, EPERM, ENOENT}) {
    in_child([&] { return without_nameless_files(number); }, [&] { expect_all_to_work(); });
    if (IsSkipped()) return;
    expect_what_was_written();
    for (const char* path : {"output/a", "output/once"}) std::filesystem::remove(at(path));
  }
}

TEST_F(NewFileTest, SystemsWithoutProc) {
  const auto without = [] {
    return ::unshare(CLONE_NEWNS) == 0 && ::mount("", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
           ::mount("none", "/proc", "tmpfs", 0, nullptr) == 0;
  };
  in_child(without, [&] { expect_all_to_work(); });
  if (!IsSkipped()) expect_what_was_written();
}

TEST_F(NewFileTest, OnlyWhatReplacesHasAnotherNameFirst) {
  const berth::Fd watching(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC));
  ASSERT_GE(::inotify_add_watch(watching.get(), at("output").c_str(), IN_CREATE | IN_MOVED_TO), 0);
  if (!berth::Fd(::open(at("output").c_str(), O_RDWR | O_TMPFILE | O_CLOEXEC, 0600)))
    GTEST_SKIP() << "the disk knows no O_TMPFILE";
  ASSERT_EQ(write("output/a", "old")[0], '{');
  EXPECT_EQ(made(watching.get()), (std::vector<std::string>{"a"}));
  ASSERT_EQ(write("output/a", "new")[0], '{');
  EXPECT_EQ(made(watching.get()), (std::vector<std::string>{".berth-half", "a"}));
}

// Whoever makes it knows no lock, and may be quick.
TEST_F(NewFileTest, TheUsualHalfNameMayBeSomebodyElses) {
  put("output/a", "old");
  put("output/.berth-half", "the agent's");
  in_child([] { return answer(0, SCMP_SYS(unlinkat), {}); }, [&] { EXPECT_EQ(write("output/a", "new")[0], '{'); });
  if (IsSkipped()) return;
  EXPECT_EQ(get("output/a"), "new");
  EXPECT_EQ(get("output/.berth-half"), "the agent's");
  EXPECT_EQ(count("output"), 2u);
}

}  // namespace
}  // namespace workspace
