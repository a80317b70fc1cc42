// Programs of a plugin: asked for on its side, started by the host in jails, heard and ended; and what a side that
// breaks the rules comes to.
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <tuple>

#include "loader/services/bounds.hpp"
#include "unit/loader/processes_kit.hpp"

namespace berth::loader {
namespace {

using namespace std::chrono_literals;

TEST_F(ProcessesDeskTest, StartsInThePluginsOwnJailWithItsFolder) {
  const auto heard = run(shell("echo kept > it; pwd; id -u; echo $HOME $TMPDIR; exit 3"));
  EXPECT_EQ(heard.end->words, "ended with exit code 3");
  if (!seat.has("mount")) return;
  EXPECT_EQ(heard.output, seat.folder().path() + "/data/p\n1000\n/tmp /tmp\n");
  struct stat it {};
  ASSERT_EQ(::stat((seat.folder().path() + "/data/p/it").c_str(), &it), 0);
  EXPECT_EQ(it.st_uid, ::geteuid());  // whoever wrote it inside
}

TEST_F(ProcessesDeskTest, StartsInASessionsJailAndInNoOther) {
  const auto here = run(shell("pwd", "here"));
  EXPECT_EQ(here.end->words, "ended with exit code 0");
  EXPECT_TRUE(here.output == "/tmp\n" || !seat.has("mount")) << here.output;
  const auto nobody = run(shell("true", "nobody"));
  EXPECT_EQ(name_of(nobody.end->cause), "not_started");
  EXPECT_EQ(nobody.end->words, "there is no session \"nobody\"");
}

// Scripts do so all the time, and a pipe belongs to whoever made it.
TEST_F(ProcessesDeskTest, ItsPipesCanBeOpenedByName) {
  for (const char* session : {"", "here"}) {
    auto plan = shell("cat /dev/stdin; echo out >/dev/stdout; echo err >/dev/stderr", session);
    plan.input = plan.together = true;
    Heard heard;
    const auto child = spawn(std::move(plan), heard);
    child->write("fed\n");
    child->close_input();
    ASSERT_TRUE(until([&] { return heard.end.has_value(); }));
    EXPECT_EQ(heard.output, "fed\nout\nerr\n") << session;
  }
}

TEST_F(ProcessesDeskTest, SaysWhatCannotBeStarted) {
  auto plan = shell("true");
  plan.order.program = "no-such-program";
  EXPECT_EQ(run(std::move(plan)).end->words, "cannot run no-such-program: No such file or directory");
  plan = shell("true");
  plan.order.folder = "/no/such/place";
  EXPECT_EQ(name_of(run(std::move(plan)).end->cause), "not_started");
  for (int i = 0; i < 20; ++i) {
    plan = shell("true");
    for (int number = 3; number < 20; ++number)
      plan.order.files.push_back({service::UniqueFd(::open("/dev/null", O_RDONLY | O_CLOEXEC)), number});
    EXPECT_EQ(name_of(run(std::move(plan)).end->cause), "not_started");
  }
}

TEST_F(ProcessesDeskTest, LimitsAndSignalsReachIt) {
  auto plan = shell("while :; do :; done");
  plan.order.limits.cpu_seconds = 1;
  EXPECT_EQ(run(std::move(plan)).end->words, "killed: CPU limit 1 s");
  plan = shell("sleep 100 & sleep 100");
  plan.bounds.time = 200ms;
  EXPECT_EQ(run(std::move(plan)).end->words, "killed: wall-clock limit 200 ms");
  Heard heard;
  auto child = spawn(shell("trap 'exit 5' TERM; echo ready; while :; do sleep 0.01; done"), heard);
  EXPECT_TRUE(until([&] { return !heard.output.empty(); }));
  child->stop(SIGTERM, 10s);
  EXPECT_TRUE(until([&] { return heard.end.has_value(); }));
  EXPECT_EQ(heard.end->words, "stopped, with exit code 5");
  Heard early;  // killed before it is there
  child = spawn(shell("sleep 1000"), early);
  child->kill();
  EXPECT_TRUE(until([&] { return early.end.has_value(); }));
  EXPECT_EQ(early.end->signal, SIGKILL);
}

TEST_F(ProcessesDeskTest, HasATerminalWhoseMasterStaysHere) {
  if (!seat.has("pid")) GTEST_SKIP() << "a terminal wants a session of its own";
  auto plan = shell("stty size && read line </dev/tty && echo got $line");
  plan.terminal = Child::Size{33, 111};
  Heard heard;
  const auto child = spawn(std::move(plan), heard);
  EXPECT_TRUE(until([&] { return heard.output.find("33 111") != std::string::npos; })) << heard.output;
  child->write("hello\n");
  EXPECT_TRUE(until([&] { return heard.end.has_value(); }));
  EXPECT_NE(heard.output.find("got hello"), std::string::npos) << heard.output;
}

TEST_F(ProcessesDeskTest, ItsTerminalHasANameInTheJail) {
  if (!seat.has("pid") || !seat.has("mount")) GTEST_SKIP() << "a terminal wants a session of its own";
  for (const char* session : {"", "here"}) {
    auto plan = shell("tty; stty size; read line; echo got $line; echo err >/dev/stderr; echo last >$(tty)", session);
    plan.terminal = Child::Size{33, 111};
    Heard heard;
    const auto child = spawn(std::move(plan), heard);
    child->write("early\n");  // before it is there
    child->resize({44, 55});
    ASSERT_TRUE(until([&] { return heard.end.has_value(); }));
    for (const char* part : {"/dev/pts/0\r\n", "44 55\r\n", "got early\r\n", "err\r\n", "last\r\n"})
      EXPECT_NE(heard.output.find(part), std::string::npos) << session << ": " << part << " in " << heard.output;
  }
}

TEST_F(ProcessesDeskTest, AThousandAtOnceLeaveNothing) {
  run(shell("true"));
  turn();
  const auto before = open_descriptors();
  {
    std::vector<Heard> heard(1000);
    std::vector<std::shared_ptr<Child>> all;
    for (auto& one : heard) all.push_back(spawn(shell("echo well"), one));
    EXPECT_TRUE(
        until([&] { return std::all_of(heard.begin(), heard.end(), [](auto& one) { return one.end.has_value(); }); }));
    for (const auto& one : heard) ASSERT_EQ(one.output, "well\n") << one.end->words;
  }
  turn();
  EXPECT_TRUE(until([&] { return open_descriptors() <= before; }));
}

bool nobody_sleeps(const std::string& mark) {
  constexpr int none_found = 1;  // as pgrep ends
  return WEXITSTATUS(::system(("pgrep -f 'sleep 4711[.]" + mark + "' >/dev/null").c_str())) == none_found;
}

// What a session's jail was closed for is told to whoever started something there.
TEST_F(ProcessesDeskTest, AJailThatIsClosedSaysWhatFor) {
  for (const auto& [limit, why, cause] : {std::tuple("session", "the session was deleted", service::Cause::killed),
                                          std::tuple("disk", "disk quota 1 MB", service::Cause::disk_quota)}) {
    Heard heard;
    const auto child = spawn(shell("echo there; sleep 1000", "here"), heard);
    EXPECT_TRUE(until([&] { return !heard.output.empty(); }));
    (*places.jail_of("here"))->close(why, limit);
    ASSERT_TRUE(until([&] { return heard.end.has_value(); }));
    EXPECT_EQ(heard.end->words, std::string("killed: ") + why);
    EXPECT_EQ(heard.end->cause, cause);
    places.reopen();
  }
}

// What a plugin says of its own process's time is another matter: the lesser of both is what it gets.
TEST_F(ProcessesDeskTest, ASessionsWallClockLimitEndsAllButWhatStays) {
  places.wall_time = 2s;
  Heard held, late, soon;
  auto stays = shell("echo there; sleep 4711.0817", "here");
  stays.order.stays = true;
  auto group = shell("(trap '' TERM HUP INT; sleep 4711.0818) & sleep 4711.0818", "here");
  group.bounds.time = 1h;
  auto quick = shell("sleep 4711.0818", "here");
  quick.bounds.time = 300ms;
  const auto one = spawn(std::move(stays), held), two = spawn(std::move(group), late),
             three = spawn(std::move(quick), soon);
  ASSERT_TRUE(until([&] { return late.end && soon.end; }));
  EXPECT_EQ(late.end->words, "killed: wall-clock limit 2 s");
  EXPECT_EQ(late.end->cause, service::Cause::time_limit);
  EXPECT_EQ(soon.end->words, "killed: wall-clock limit 300 ms");
  EXPECT_TRUE(until([] { return nobody_sleeps("0818"); }));
  EXPECT_EQ((*places.jail_of("here"))->hits().wall_time, 1u);
  EXPECT_FALSE(held.end);
  EXPECT_FALSE(nobody_sleeps("0817"));
}

// Whoever forks others hears of no limit that ends one of them, unless he asks.
TEST_F(ProcessesDeskTest, TellsHowOftenItsJailHasHitItsLimits) {
  places.memory = 100'000'000;
  Heard heard, other;
  const auto one = spawn(shell("echo there; sleep 1000", "here"), heard);
  one->look();  // it is in no jail yet
  one->look();
  ASSERT_TRUE(until([&] { return !heard.output.empty() && heard.hits.size() == 2; }));
  const auto look = [&] {
    const auto before = heard.hits.size();
    one->look();
    EXPECT_TRUE(until([&] { return heard.hits.size() > before; }));
    return heard.hits.empty() ? service::Hits() : heard.hits.back();
  };
  const auto quiet = look();
  EXPECT_EQ(quiet.memory_counted, seat.has("memory"));
  EXPECT_EQ(quiet.memory, 0u);
  EXPECT_EQ(quiet.memory_limit, "memory limit 100 MB");
  const auto two = spawn(shell("sleep 0.1; kill -9 $$", "here"), other);
  ASSERT_TRUE(until([&] { return other.end.has_value(); }));
  EXPECT_EQ(look().memory, 0u) << "somebody did that";
  if (!seat.has("memory")) return;
  run(shell("exec /usr/bin/python3 -c 'x = [bytearray(b\"x\") * (1 << 20) for _ in range(400)]'", "here"));
  EXPECT_EQ(look().memory, 1u);
  const auto told = heard.hits.size();
  one->kill();
  ASSERT_TRUE(until([&] { return heard.end.has_value(); }));
  one->look();
  turn();
  EXPECT_EQ(heard.hits.size(), told);
}

TEST_F(ProcessesDeskTest, TellsThoseWhoAskedWhileTheyWereInLine) {
  std::vector<Heard> heard(starts_under_way + 1);
  std::vector<std::shared_ptr<Child>> all;
  for (auto& one : heard) all.push_back(spawn(shell("sleep 1000", "here"), one));
  all.back()->look();
  EXPECT_TRUE(until([&] { return heard.back().hits.size() == 1; }));
}

TEST_F(ProcessesDeskTest, AllEndsWithThePlugin) {
  Heard own, other;
  const std::string nap = "setsid sleep 4711.0815 & sleep 4711.0815 & echo there; wait";
  const auto one = spawn(shell(nap), own), two = spawn(shell("sleep 4711.0815 & echo there; wait", "here"), other);
  EXPECT_TRUE(until([&] { return !own.output.empty() && !other.output.empty(); }))
      << own.output << other.output << (own.end ? own.end->words : "") << (other.end ? other.end->words : "");
  desk->reset();
  EXPECT_TRUE(until([] { return nobody_sleeps("0815"); }));
  EXPECT_FALSE(own.end);  // there is nobody to be told
  EXPECT_EQ(run(shell("echo again")).output, "again\n");
}

TEST_F(ProcessesDeskTest, ASideThatBreaksTheRulesHurtsItselfAlone) {
  desk->file({Verb::process_file, 1, "garbage", {}, {}});
  Packer far;
  far.number(256);
  desk->file({Verb::process_file, 1, far.done(), {}, service::UniqueFd(::open("/dev/null", O_RDONLY))});
  desk->start({Verb::process_start, 1, {}, "garbage", {}});
  ASSERT_EQ(said.size(), 1u);
  EXPECT_EQ(said[0].verb, Verb::process_failed);
  for (std::uint64_t i = 2; i < 2 + 3 * starts_under_way; ++i) desk->start(start_note(i, "true"));
  EXPECT_EQ(said.size(), 1 + 2 * starts_under_way);  // the rest is refused
  desk->start(start_note(2, "true"));                // again
  Packer wild;
  wild.number(1u << 20);
  desk->signal({Verb::process_signal, 2, wild.done(), {}, {}});
  desk->signal({Verb::process_signal, 99'999, {}, {}, {}});
  desk->drop({Verb::process_drop, 99'999, {}, {}, {}});
  EXPECT_TRUE(until([&] { return said.size() == 1 + 4 * starts_under_way; }));
  for (int i = 0; i < 10'000; ++i) {
    Packer number;
    number.number(3);
    desk->file({Verb::process_file, 7'000'000, number.done(), {}, service::UniqueFd(::open("/dev/null", O_RDONLY))});
  }
  EXPECT_LT(open_descriptors(), 1000u);
}

TEST_F(ProcessesDeskTest, WhatALeaderLeavesInItsSessionEndsWithIt) {
  auto plan = shell("set -m; sleep 4711.0816 & echo there", "here");  // in a group of its own
  plan.order.program = "bash";
  plan.order.leader = true;
  const auto heard = run(std::move(plan));
  EXPECT_EQ(heard.end->words, "ended with exit code 0");
  EXPECT_TRUE(until([] { return nobody_sleeps("0816"); }));
}

TEST_F(ProcessesDeskTest, NothingIsStartedWithoutJails) {
  ProcessesDesk none(nullptr, "p", "", [this](Note note) { said.push_back(std::move(note)); });
  none.start(start_note(1, "true"));
  ASSERT_EQ(said.size(), 1u);
  EXPECT_EQ(said[0].verb, Verb::process_failed);
  DeskLauncher nowhere{nullptr};
  Child::Plan plan = shell("true");
  EXPECT_FALSE(Child::spawn(loop, nowhere, std::move(plan), {}));
}

}  // namespace
}  // namespace berth::loader
