// Names and places as agents and pages say them.
#include "files.hpp"

#include <berth/call.hpp>
#include <gtest/gtest.h>

namespace browser::test {

namespace {

std::string refused(const std::string& said, bool to_write) {
  try {
    return to_write ? place_to_write(said) : place_of(said, {"/mnt/desk"});
  } catch (const berth::Error& error) {
    return error.code();
  }
}

}  // namespace

TEST(Files, PlacesAreBeneathTheWorkspace) {
  EXPECT_EQ(refused("/workspace/output/a.png", false), "output/a.png");
  EXPECT_EQ(refused("./output//a b.png", false), "output/a b.png");
  EXPECT_EQ(refused("/mnt/desk/upload/x", false), "upload/x");
  for (const char* bad : {"", "/", "/workspace", "/etc/passwd", "/workspacex/a", "../x", "output/../../x", "output/.."})
    EXPECT_EQ(refused(bad, false), "bad_path") << bad;
  EXPECT_EQ(refused(std::string("output/a\0b", 10), false), "bad_path");
  EXPECT_EQ(refused("output/" + std::string(256, 'x'), false), "bad_path");
}

TEST(Files, AreWrittenWhereTheAgentHasItsOwn) {
  EXPECT_EQ(refused("deploy/site/index.html", true), "deploy/site/index.html");
  for (const char* bad : {"upload/x", ".store/x", "x", "output", "output/", "outputs/x"})
    EXPECT_EQ(refused(bad, true), "bad_path") << bad;
}

TEST(Files, NamesOfDownloadsDoNoHarm) {
  EXPECT_EQ(safe_name("../../x"), "x");
  EXPECT_EQ(safe_name("..\\..\\x.exe"), "x.exe");
  EXPECT_EQ(safe_name("/etc/"), "download");
  EXPECT_EQ(safe_name(".."), "download");
  EXPECT_EQ(safe_name(".bashrc"), "bashrc");
  EXPECT_EQ(safe_name("a\n\x1b[2Jb<c>|d"), "a__[2Jb_c__d");
  EXPECT_EQ(safe_name("über \xff.txt"), "über \xef\xbf\xbd.txt");
  EXPECT_EQ(safe_name("photo\u202egpj.exe"), "photo_gpj.exe");
  EXPECT_EQ(safe_name("trailing. . "), "trailing");
  const std::string longer = safe_name(std::string(500, 'x') + ".tar.gz");
  EXPECT_LE(longer.size(), 180u);
  EXPECT_TRUE(longer.ends_with(".gz"));
  EXPECT_LE(safe_name(std::string(100, 'x') + std::string(300, '\xc3')).size(), 255u);
}

TEST(Files, TakenNamesGetANumber) {
  EXPECT_EQ(numbered("a.txt", 1), "a.txt");
  EXPECT_EQ(numbered("a.txt", 2), "a (2).txt");
  EXPECT_EQ(numbered("README", 3), "README (3)");
}

}  // namespace browser::test
