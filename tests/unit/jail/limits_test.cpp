// Limits of a jail as a whole, the words for those that were hit, and what is left when a host is killed.
#include <gmock/gmock.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include <filesystem>
#include <thread>

#include "jail/group_files.hpp"
#include "jail/groups.hpp"
#include "unit/jail/seat.hpp"

namespace berth::jail::test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using namespace std::chrono_literals;

const char* const memory_hog =
    "exec /usr/bin/python3 -c 'x = [bytearray(b\"x\") * (1 << 20) for _ in range(400)]; print(len(x))'";

TEST(Limits, AShortageOfMemoryIsNamed) {
  Seat seat;
  if (!seat.has("memory")) GTEST_SKIP() << seat.jails().isolation().find("memory")->detail;
  Options options = Seat::options();
  options.limits.memory = 100'000'000;
  const auto jail = seat.open(options);
  const auto said = say(*jail, memory_hog);
  EXPECT_EQ(said.end.words, "killed: memory limit 100 MB");
  EXPECT_EQ(said.end.limit, "memory");
  const auto child = say(*jail, std::string("(") + memory_hog + "); exit 9");
  EXPECT_EQ(child.end.words, "ended with exit code 9; meanwhile the session hit its memory limit 100 MB");
  EXPECT_EQ(say(*jail, "exit 0").end.words, "ended with exit code 0") << "the next one is not blamed";
  ASSERT_TRUE(jail->use().memory);
  EXPECT_LT(*jail->use().memory, 100'000'000u);
}

TEST(Limits, WithoutControlGroupsEachProcessIsLimited) {
  Seat seat({"memory", "pids", "cpu"});
  Options options = Seat::options();
  options.limits.memory = 200'000'000;
  const auto jail = seat.open(options);
  EXPECT_THAT(say(*jail, memory_hog).output, HasSubstr("MemoryError"));
  EXPECT_THAT(seat.jails().isolation().find("memory")->detail, HasSubstr("shared up to twice the limit and 1 GiB"));
  const auto shared = [&](int megabytes) {
    return say(*jail, "exec /usr/bin/python3 -c 'import mmap; x = mmap.mmap(-1, " + std::to_string(megabytes) +
                          " << 20); print(\"h\" \"ad\")'")
        .output;
  };
  EXPECT_THAT(shared(600), HasSubstr("had")) << "it is said that this goes";
  EXPECT_THAT(shared(1500), testing::Not(HasSubstr("had"))) << "and this does not";
}

// Whoever counts: an idle jail has no process, one that works has used time, and what ended is not forgotten.
class Use : public testing::TestWithParam<std::set<std::string>> {};

TEST_P(Use, IsTrueInEachField) {
  Seat seat(GetParam());
  Options options = Seat::options("use");
  options.user = 1'000'000 + 2 * static_cast<uid_t>(::getpid());  // other tests' jails may have the usual ones
  const auto jail = seat.open(options);
  for (int i = 0; i < 400 && jail->use().processes != 0u; ++i) std::this_thread::sleep_for(5ms);
  EXPECT_EQ(jail->use().processes, 0u) << "the starter is the jail's own, and who began it is gone soon";
  int ends[2];
  ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
  Plan plan = shell(
      "exec /usr/bin/python3 -c 'import time\nx = bytearray(b\"x\") * 50_000_000\n"
      "while time.process_time() < 0.3: pass\nprint(1, flush=True)\ntime.sleep(1000)'");
  plan.fds = {ends[0], ends[1], ends[1]};
  const auto process = jail->spawn(plan);
  ASSERT_TRUE(process);
  char line[2];
  ASSERT_GT(::read(ends[0], line, sizeof line), 0);
  const auto busy = jail->use();
  EXPECT_EQ(busy.processes, 1u);
  EXPECT_GE(busy.memory.value_or(0), 50'000'000u);
  EXPECT_GE(busy.cpu_time.value_or(0), 250'000u);
  EXPECT_EQ(busy.why, "");
  (*process)->kill();
  (*process)->wait();
  EXPECT_GE(jail->use().cpu_time.value_or(0), 250'000u);
  for (int i = 0; i < 400 && jail->use().processes != 0u; ++i) std::this_thread::sleep_for(5ms);
  EXPECT_EQ(jail->use().processes, 0u);
  jail->close();
  EXPECT_FALSE(jail->use().memory);
  EXPECT_NE(jail->use().why, "");
  for (const int end : ends) ::close(end);
}

INSTANTIATE_TEST_SUITE_P(Layers, Use,
                         testing::Values(std::set<std::string>{}, std::set<std::string>{"memory", "pids", "cpu"},
                                         std::set<std::string>{"uid", "memory", "pids", "cpu"},
                                         std::set<std::string>{"mount", "uid", "memory", "pids", "cpu"}));

TEST(Limits, ProcessesAreCountedAndTheRefusalIsNamed) {
  Seat seat;
  Options options = Seat::options();
  options.limits.processes = 12;
  const auto jail = seat.open(options);
  const auto said = say(*jail, "i=0; while [ $i -lt 40 ]; do sleep 30 >/dev/null 2>&1 & i=$((i+1)); done");
  EXPECT_NE(said.end.code, 0);
  EXPECT_THAT(said.output, HasSubstr("Cannot fork"));
  if (!seat.has("pids")) return;
  EXPECT_THAT(said.end.words, HasSubstr("limit of 12 processes"));
  std::vector<std::shared_ptr<Process>> all;
  bool refused = false;
  for (int i = 0; i < 14 && !refused; ++i) {
    const auto one = jail->spawn(shell("exec sleep 100"));
    if (one)
      all.push_back(*one);
    else
      refused = one.error().status == 429;
  }
  EXPECT_TRUE(refused);
}

TEST(Limits, CoresAreLimited) {
  Seat seat;
  if (!seat.has("cpu")) GTEST_SKIP() << seat.jails().isolation().find("cpu")->detail;
  Options options = Seat::options();
  options.limits.cores = 0.1;
  const auto jail = seat.open(options);
  const auto said = say(*jail,
                        "exec /usr/bin/python3 -c 'import time; a = time.time(); c = time.process_time()\nwhile "
                        "time.time() - a < 1: pass\nprint(time.process_time() - c < 0.6)'");
  EXPECT_EQ(said.output, "True\n");
}

TEST(Limits, BytesInWords) {
  EXPECT_EQ(round_bytes(500'000'000), "500 MB");
  EXPECT_EQ(round_bytes(512u << 20), "512 MiB");
}

// The groups of a jail, as a path of this process' own; empty: there are none.
std::vector<std::string> groups_named(const std::string& name) {
  std::vector<std::string> found;
  for (const auto& place : find_group_places()) {
    std::error_code none;
    for (const auto& entry : fs::directory_iterator(place.folder, none)) {
      if (entry.path().filename().string().find(name) != std::string::npos) found.push_back(entry.path());
    }
  }
  return found;
}

TEST(Limits, ClosingTakesTheGroupsAway) {
  Seat seat;
  if (!seat.has("memory")) GTEST_SKIP() << seat.jails().isolation().find("memory")->detail;
  const auto jail = seat.open(Seat::options("closing"));
  const auto process = jail->spawn(shell("sleep 100 & exec sleep 100"));
  EXPECT_FALSE(groups_named("closing-" + std::to_string(::getpid())).empty());
  EXPECT_FALSE(jail->close());
  EXPECT_TRUE(groups_named("closing-" + std::to_string(::getpid())).empty());
}

// A host that is killed: its jails end by themselves, and the next one clears what they cannot.
void be_killed(std::set<std::string> without, int to) {
  Seat seat(std::move(without));
  auto jail = seat.open(Seat::options("killed"));
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) ::_exit(1);
  Plan plan = shell("(setsid sleep 1000 &) ; echo $$; exec sleep 1000");
  plan.fds = {ends[0], ends[1], ends[1]};
  const auto process = jail->spawn(plan);
  char line[16];
  if (!process || ::read(ends[0], line, sizeof line) <= 0) ::_exit(1);
  const pid_t pid = (*process)->pid();
  if (::write(to, &pid, sizeof pid) != sizeof pid) ::_exit(1);
  ::raise(SIGKILL);
}

class KilledHost : public testing::TestWithParam<std::set<std::string>> {};

TEST_P(KilledHost, LeavesNothing) {
  int ends[2];
  ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
  const pid_t host = ::fork();
  if (host == 0) be_killed(GetParam(), ends[1]);
  ::close(ends[1]);
  pid_t inside = 0;
  ASSERT_EQ(::read(ends[0], &inside, sizeof inside), static_cast<ssize_t>(sizeof inside));
  ::close(ends[0]);
  int status = 0;
  ASSERT_EQ(::waitpid(host, &status, 0), host);
  EXPECT_EQ(WTERMSIG(status), SIGKILL);
  const auto runs = [&] {
    const std::string stat = read_small("/proc/" + std::to_string(inside) + "/stat");
    return !stat.empty() && stat.find(") Z") == std::string::npos;  // nobody may be there to reap it
  };
  for (int i = 0; i < 2000 && runs(); ++i) std::this_thread::sleep_for(5ms);
  EXPECT_FALSE(runs());
  Seat next(GetParam());
  EXPECT_TRUE(groups_named("killed-" + std::to_string(host)).empty());
}

INSTANTIATE_TEST_SUITE_P(Layers, KilledHost,
                         testing::Values(std::set<std::string>{}, std::set<std::string>{"mount"},
                                         std::set<std::string>{"mount", "memory", "pids", "cpu"}));

}  // namespace
}  // namespace berth::jail::test
