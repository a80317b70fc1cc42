// That changes are told once they are over, and what does not concern anybody is not.
#include "service/folder_watch.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>

#include "folder.hpp"

namespace berth::service {
namespace {

using namespace std::chrono_literals;
using test::put;

class FolderWatchTest : public testing::Test {
 protected:
  FolderWatchTest() {
    m_loop.adopt();
    m_watch =
        *FolderWatch::open(m_loop, {[](std::string_view file) { return file.ends_with(".so"); }, [this] { ++m_told; }});
  }
  int told_within(std::chrono::milliseconds time) {
    m_loop.context().restart();
    const auto until = std::chrono::steady_clock::now() + time;
    while (std::chrono::steady_clock::now() < until && m_told == 0) m_loop.context().run_one_for(20ms);
    return std::exchange(m_told, 0);
  }

  const test::Folder m_folder;
  EventLoop m_loop;
  std::shared_ptr<FolderWatch> m_watch;
  int m_told = 0;
};

TEST_F(FolderWatchTest, TellsOfWhatIsWrittenMovedAndRemoved) {
  ASSERT_TRUE(m_watch->add(m_folder.path()));
  put(m_folder.file("a.so"), "one");
  EXPECT_EQ(told_within(10s), 1);
  std::filesystem::rename(m_folder.file("a.so"), m_folder.file("b.so"));
  EXPECT_EQ(told_within(10s), 1);
  std::filesystem::remove(m_folder.file("b.so"));
  EXPECT_EQ(told_within(10s), 1);
  put(m_folder.file("notes.txt"), "mine");
  EXPECT_EQ(told_within(300ms), 0);
}

TEST_F(FolderWatchTest, TellsOnceOfManyThatComeTogether) {
  ASSERT_TRUE(m_watch->add(m_folder.path()));
  for (int i = 0; i < 200; ++i) put(m_folder.file(std::to_string(i) + ".so"), "x");
  EXPECT_EQ(told_within(10s), 1);
}

TEST_F(FolderWatchTest, LooksBelowButNotEverywhere) {
  for (const char* name : {"src", ".git", "build"}) std::filesystem::create_directories(m_folder.file(name));
  m_watch->add_below(m_folder.path(), {"build"});
  put(m_folder.file("build/a.so"), "x");
  put(m_folder.file(".git/a.so"), "x");
  EXPECT_EQ(told_within(300ms), 0);
  put(m_folder.file("src/a.so"), "x");
  EXPECT_EQ(told_within(10s), 1);
}

TEST_F(FolderWatchTest, WhatIsNoFolderIsSaid) { EXPECT_FALSE(m_watch->add(m_folder.file("none"))); }

}  // namespace
}  // namespace berth::service
