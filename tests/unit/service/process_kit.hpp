// What tests of child processes share: a loop, a launcher, and what was heard.
#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <string>
#include <vector>

#include "service/process/child.hpp"
#include "service/process/plain_launcher.hpp"
#include "unit/service/turning.hpp"

namespace berth::service {

using namespace std::chrono_literals;

inline std::size_t open_descriptors() {
  std::size_t count = 0;
  for (int fd = 0; fd < 4096; ++fd) count += ::fcntl(fd, F_GETFD) >= 0;
  return count;
}

inline std::size_t children() {
  std::ifstream list("/proc/self/task/" + std::to_string(::getpid()) + "/children");
  std::size_t count = 0;
  for (int pid; list >> pid;) ++count;
  return count;
}

class ProcessTest : public testing::Test {
 protected:
  ProcessTest() {
    ::signal(SIGPIPE, SIG_IGN);  // as the host does
    loop.adopt();
  }
  struct Heard {
    std::string output, errors;
    std::size_t pieces = 0, taken = 0;
    bool paused = false;
    std::optional<End> end;
  };
  static Child::Plan shell(const std::string& script) {
    Child::Plan plan;
    plan.order.program = "sh";
    plan.order.arguments = {"sh", "-c", script};
    plan.order.environment = {"PATH=/usr/bin:/bin"};
    return plan;
  }
  std::shared_ptr<Child> spawn(Child::Plan plan, Heard& heard) {
    auto child = Child::spawn(
        loop, launcher, std::move(plan),
        {[&heard](Outlet outlet, std::string_view piece) {
           (outlet == Outlet::output ? heard.output : heard.errors) += piece;
           ++heard.pieces;
           return !heard.paused;
         },
         [&heard](const End& end) { heard.end = end; }, [&heard](std::size_t bytes) { heard.taken += bytes; }});
    EXPECT_TRUE(child) << child.error().message;
    return child ? *child : nullptr;
  }
  template <class Condition>
  bool until(Condition holds) {
    return test::turn_until(loop, holds);
  }
  Heard run(Child::Plan plan) {
    Heard heard;
    const auto child = spawn(std::move(plan), heard);
    EXPECT_TRUE(until([&] { return heard.end.has_value(); }));
    return heard;
  }

  EventLoop loop;
  PlainLauncher launcher{loop};
};

}  // namespace berth::service
