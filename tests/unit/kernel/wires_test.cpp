// How many wires there may be.
#include "wire/wires.hpp"

#include <berth/check/stand_in.hpp>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace kernel::wire {
namespace {

namespace fs = std::filesystem;
using berth::Json;

// As many as there may be, by as many sessions as that takes.
class WiresTest : public testing::Test {
 protected:
  WiresTest() {
    std::string name = (fs::temp_directory_path() / "berth-wires-XXXXXX").string();
    m_parent = ::mkdtemp(name.data());
    m_wires = std::make_unique<Wires>(m_parent, std::vector<std::string>{"ipc"});
  }
  std::string open(const std::string& session) {
    m_kernels.push_back(std::make_shared<Kernel>(m_loop, "k", "python", std::chrono::seconds(2),
                                                 [](const Worker::Born&) { return Worker::GiveUp(); }));
    std::string problem;
    m_loop.wait_for([&] {
      try {
        m_wires->open({m_loop, m_calls, m_spiller}, m_kernels.back(), session, "", {});
      } catch (const berth::Error& error) {
        problem = error.code();
      }
    });
    return problem;
  }
  ~WiresTest() override {
    m_loop.wait_for([this] {
      m_wires.reset();
      m_kernels.clear();
    });
    m_loop.end();
    fs::remove_all(m_parent);
  }

  std::string m_parent;
  berth::check::StandIn m_host;
  const Json m_config = Json::object();
  Loop m_loop{[](const char* what) { ADD_FAILURE() << what; }};
  berth::Calls m_calls{m_host.api()};
  const berth::Workspaces m_workspaces{berth::Context{m_config, berth::Log(m_host.api()), m_host.api()}};
  berth::Spiller m_spiller{m_workspaces, "cells"};
  std::vector<std::shared_ptr<Kernel>> m_kernels;
  std::unique_ptr<Wires> m_wires;
};

TEST_F(WiresTest, AllThatThereMayBeCanBeHad) {
  rlimit files{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &files), 0);
  const rlimit before = files;
  files.rlim_cur = files.rlim_max;
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &files), 0);
  if (files.rlim_cur < 16'384) {
    ::setrlimit(RLIMIT_NOFILE, &before);
    GTEST_SKIP() << "too few descriptors";
  }
  for (std::size_t i = 0; i < Wires::most; ++i)
    ASSERT_EQ(open("s" + std::to_string(i / Wires::most_of_session)), "") << i;
  EXPECT_EQ(open("s0"), "too_many_wires");
  EXPECT_EQ(open("another"), "too_many_wires");
  m_loop.wait_for([this] { EXPECT_TRUE(m_wires->close(*m_kernels.front())); });
  EXPECT_EQ(open("another"), "");
  ::setrlimit(RLIMIT_NOFILE, &before);
}

}  // namespace
}  // namespace kernel::wire
