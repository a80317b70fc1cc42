// What a library is linked to is read from its file, whole or not; no byte of it is trusted.
#include "command/linked.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/service/folder.hpp"

namespace berth::command {
namespace {

const std::string clock_library = std::string(BERTH_BUILD_DIR) + "/lib/berth/plugins/clock.so";

TEST(Linked, NamesLibraries) { EXPECT_THAT(linked_libraries(clock_library), testing::Contains("libstdc++.so.6")); }

TEST(Linked, WhatIsNoLibraryHasNone) {
  const test::Folder folder;
  test::put(folder.file("text"), "no library");
  EXPECT_TRUE(linked_libraries(folder.file("text")).empty());
  EXPECT_TRUE(linked_libraries(folder.file("none")).empty());
}

TEST(Linked, BrokenFilesHarmNobody) {
  const test::Folder folder;
  std::string bytes = test::content_of(clock_library).substr(0, 1u << 20);
  for (std::size_t size = 0; size < 4096; size += 61) {
    test::put(folder.file("short"), bytes.substr(0, size));
    linked_libraries(folder.file("short"));
  }
  for (std::size_t at = 0; at < 1024; ++at) {  // where the heads are
    std::string bent = bytes.substr(0, 8192);
    bent[at] = static_cast<char>(0xff);
    test::put(folder.file("bent"), bent);
    linked_libraries(folder.file("bent"));
  }
}

}  // namespace
}  // namespace berth::command
