// Where sockets and connection files are: for one user, gone with the instance, and what a killed one left goes later.
#include "wire/place.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

namespace kernel::wire {
namespace {

namespace fs = std::filesystem;

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

TEST_F(PlaceTest, NoFolderIsAnError) { EXPECT_THROW(Place("/no/such/folder"), berth::Error); }

}  // namespace
}  // namespace kernel::wire
