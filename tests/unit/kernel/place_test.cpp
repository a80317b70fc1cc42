// Where sockets and connection files are: for one user, gone with the instance, and what a killed one left goes later.
// And how many wires there may be.
#include "wire/place.hpp"

#include <berth/check/stand_in.hpp>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "wire/wires.hpp"

namespace kernel::wire {
namespace {

namespace fs = std::filesystem;
using berth::Json;

class PlaceTest : public testing::Test {
 protected:
  PlaceTest() {
    std::string name = (fs::temp_directory_path() / "berth-place-XXXXXX").string();
    m_parent = ::mkdtemp(name.data());
  }
  ~PlaceTest() override { fs::remove_all(m_parent); }
  static unsigned mode(const std::string& path) {
    struct stat facts {};
    return ::stat(path.c_str(), &facts) == 0 ? facts.st_mode & 0777u : 0;
  }
  static void age(const fs::path& path) {
    fs::last_write_time(path, fs::file_time_type::clock::now() - std::chrono::hours(1));
  }
  std::string m_parent;
};

TEST_F(PlaceTest, IsForItsUserAlone) {
  const Place place(m_parent + "/wire");
  place.write("w1.json", {{"key", "k"}});
  EXPECT_EQ(mode(place.path("w1.json")), 0600u);
  EXPECT_EQ(mode(fs::path(place.path("w1.json")).parent_path()), 0700u);
  EXPECT_THROW(place.write("w1.json", {}), berth::Error);  // nothing is written over
}

TEST_F(PlaceTest, NothingOfAWireIsLeft) {
  const auto place = std::make_shared<const Place>(m_parent);
  {
    const Clearing first(place, "w1");
    place->write("w1.json", {});
    place->write("w11.json", {});
    for (const char* end : {"-1", "-2", "-3", "-4", "-5", "-1.in", "-5.in"}) std::ofstream(place->path("w1") + end);
  }
  std::vector<std::string> left;
  for (const auto& one : fs::directory_iterator(place->path(""))) left.push_back(one.path().filename().string());
  EXPECT_EQ(left, std::vector<std::string>{"w11.json"});
}

TEST_F(PlaceTest, GoesWithItsInstance) {
  std::string file;
  {
    const Place place(m_parent);
    place.write("w1.json", {});
    file = place.path("w1.json");
  }
  EXPECT_FALSE(fs::exists(fs::path(file).parent_path()));
}

TEST_F(PlaceTest, WhatTheDeadLeftGoesAndWhatLivesStays) {
  fs::create_directory(m_parent + "/dead");
  std::ofstream(m_parent + "/dead/w1.json") << "{}";
  age(m_parent + "/dead");
  const Place living(m_parent);
  age(living.path(""));
  const Place next(m_parent);
  EXPECT_FALSE(fs::exists(m_parent + "/dead"));
  EXPECT_TRUE(fs::exists(living.path("")));
}

TEST_F(PlaceTest, ANameThatNoSocketCanHaveIsSaid) {
  const Place place(m_parent);
  EXPECT_EQ(place.base("w1"), place.path("w1"));
  EXPECT_THROW(place.base(std::string(100, 'x')), berth::Error);
}

// As many as there may be, by as many sessions as that takes.
class WiresTest : public PlaceTest {
 protected:
  std::string open(const std::string& session) {
    m_kernels.push_back(std::make_shared<Kernel>(m_loop, "k", std::chrono::seconds(2), [](const Worker::Born&) {}));
    std::string problem;
    m_loop.wait_for([&] {
      try {
        m_wires.open({m_loop, m_calls, m_spiller}, m_kernels.back(), session, "", {});
      } catch (const berth::Error& error) {
        problem = error.code();
      }
    });
    return problem;
  }
  ~WiresTest() override {
    m_loop.wait_for([this] {
      m_wires.close_all();
      m_kernels.clear();
    });
    m_loop.end();
  }

  berth::check::StandIn m_host;
  const Json m_config = Json::object();
  Loop m_loop{[](const char* what) { ADD_FAILURE() << what; }};
  berth::Calls m_calls{m_host.api()};
  const berth::Workspaces m_workspaces{berth::Context{m_config, berth::Log(m_host.api()), m_host.api()}};
  Spiller m_spiller{m_workspaces};
  std::vector<std::shared_ptr<Kernel>> m_kernels;
  Wires m_wires{m_parent, {"ipc"}};
};

TEST_F(WiresTest, AllThatThereMayBeCanBeHad) {
  rlimit files{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &files), 0);
  const rlimit before = files;
  files.rlim_cur = files.rlim_max;
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &files), 0);
  if (files.rlim_cur < 16'384) GTEST_SKIP() << "too few descriptors";
  for (std::size_t i = 0; i < Wires::most; ++i)
    ASSERT_EQ(open("s" + std::to_string(i / Wires::most_of_session)), "") << i;
  EXPECT_EQ(open("s0"), "too_many_wires");
  EXPECT_EQ(open("another"), "too_many_wires");
  m_loop.wait_for([this] { EXPECT_TRUE(m_wires.close(*m_kernels.front())); });
  EXPECT_EQ(open("another"), "");
  ::setrlimit(RLIMIT_NOFILE, &before);
}

TEST_F(PlaceTest, NoFolderIsAnError) { EXPECT_THROW(Place("/no/such/folder"), berth::Error); }

}  // namespace
}  // namespace kernel::wire
