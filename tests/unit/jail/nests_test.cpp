// A jail for programs that confine processes of their own, as browsers do.
#include <gmock/gmock.h>

#include <filesystem>

#include "unit/jail/seat.hpp"

namespace berth::jail::test {
namespace {

using testing::HasSubstr;

Options nesting() {
  Options options = Seat::options("nests");
  options.nests = true;
  options.limits.memory = 2'000'000'000;
  options.limits.processes = 512;
  options.limits.shm = 500'000'000;
  return options;
}

bool makes_users(const Seat& seat) { return seat.has("user") && seat.has("mount") && seat.has("proc"); }

const char* const own_namespaces = "unshare -U -r -p -f -n sh -c 'id -u; echo pid $$'";

TEST(Nests, NamespacesOfUsersProcessesAndNetworks) {
  Seat seat;
  if (!makes_users(seat)) GTEST_SKIP() << "jails have no namespaces here";
  const auto jail = seat.open(nesting());
  EXPECT_EQ(say(*jail, own_namespaces).output, "0\npid 1\n");
  const auto usual = seat.open();
  EXPECT_THAT(say(*usual, own_namespaces).output, HasSubstr("not permitted"));
}

TEST(Nests, NothingCanBeMountedAndTheMachineStaysClosed) {
  Seat seat;
  if (!makes_users(seat)) GTEST_SKIP() << "jails have no namespaces here";
  const auto jail = seat.open(nesting());
  EXPECT_THAT(say(*jail, "unshare -U -r -m true").output, HasSubstr("not permitted"));
  EXPECT_THAT(say(*jail, "unshare -U -r mount -t tmpfs none /tmp").output, HasSubstr("denied"));
  for (const char* closed : {"/proc/sys/kernel/hostname", "/proc/sysrq-trigger", "/proc/sys/vm/drop_caches"})
    EXPECT_THAT(say(*jail, std::string("echo 1 > ") + closed).output, HasSubstr("cannot create")) << closed;
  EXPECT_THAT(say(*jail, std::string("unshare -U -r sh -c 'echo 1 > /proc/sys/kernel/hostname'")).output,
              HasSubstr("cannot create"));
}

// The real one, with its own sandbox.
TEST(Nests, Chromium) {
  const char* const program = "/usr/lib/chromium/chromium";
  if (!std::filesystem::exists(program)) GTEST_SKIP() << "chromium is not installed";
  Seat seat;
  if (!makes_users(seat)) GTEST_SKIP() << "jails have no namespaces here";
  const auto jail = seat.open(nesting());
  Plan plan;
  plan.program = program;
  plan.arguments = {"chromium",
                    "--headless",
                    "--disable-gpu",
                    "--disable-breakpad",
                    "--user-data-dir=/tmp/profile",
                    "--dump-dom",
                    "data:text/html,<title>x</title><script>document.write(6*7)</script>"};
  plan.environment = {"PATH=/usr/bin:/bin", "HOME=/tmp"};
  plan.folder = "/tmp";
  const auto said = say(*jail, plan);
  EXPECT_THAT(said.output, HasSubstr(">42</body>"));
  EXPECT_EQ(said.end.words, "ended with exit code 0");
}

}  // namespace
}  // namespace berth::jail::test
