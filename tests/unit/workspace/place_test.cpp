// Paths in text: what they mean, what is refused, and that every name can be said.
#include "place.hpp"

#include <gtest/gtest.h>

#include <climits>
#include <random>

namespace workspace {
namespace {

std::string path_of(std::string_view asked, const std::vector<std::string>& aliases = {}) {
  try {
    return place_of(asked, aliases).path;
  } catch (const berth::Error& error) {
    return std::to_string(error.status()) + " " + error.code();
  }
}

std::string right(const char* path, const char* scope = "run") {
  try {
    demand_change(place_of(path), scope);
    return "may";
  } catch (const berth::Error& error) {
    return error.code();
  }
}

TEST(PlaceTest, ManyWaysToSayOnePath) {
  for (const char* asked : {"output/a.txt", "/workspace/output/a.txt", "./output//a.txt", "/workspace//output/./a.txt/",
                            "output/a\\x2etxt", "/desk/output/a.txt", "/desk/room/output/a.txt"})
    EXPECT_EQ(path_of(asked, {"/desk", "/desk/room/"}), "output/a.txt") << asked;
  for (const char* asked : {"", ".", "/workspace", "/workspace/", "/desk/."}) EXPECT_EQ(path_of(asked, {"/desk"}), "");
}

TEST(PlaceTest, NothingLeadsOut) {
  for (const char* asked : {"..", "output/..", "output/../../etc/passwd", "/workspace/../etc", "/etc/passwd", "/",
                            "//etc", "/workspaces/a", "/workspaceother", "/desk2/a", "\\x2e\\x2e/a", "output/\\x2e.",
                            "\\x2fetc/passwd", "a\\b", "C:\\temp", "a\\", "a\\x1", "a\\xzz", "a\\x00b"})
    EXPECT_EQ(path_of(asked, {"/desk", ""}), "422 bad_path") << asked;
  EXPECT_EQ(path_of(std::string("output/a\0b", 10)), "422 bad_path");
  EXPECT_EQ(path_of("output/...x/..a/a.."), "output/...x/..a/a..");
}

TEST(PlaceTest, TheTodoLiesInOutput) {
  for (const char* asked :
       {".todo.jsonl", "/workspace/.todo.jsonl", "/desk/.todo.jsonl", "./.todo.jsonl/", "output/.todo.jsonl"})
    EXPECT_EQ(path_of(asked, {"/desk"}), "output/.todo.jsonl") << asked;
  EXPECT_EQ(place_of(".todo.jsonl").part, Part::output);
  for (const char* asked : {".todo.jsonl/a", "deploy/.todo.jsonl", ".TODO.jsonl"}) EXPECT_EQ(path_of(asked), asked);
}

TEST(PlaceTest, LongOnes) {
  EXPECT_EQ(path_of("output/" + std::string(NAME_MAX, 'x')), "output/" + std::string(NAME_MAX, 'x'));
  EXPECT_EQ(path_of("output/" + std::string(NAME_MAX + 1, 'x')), "422 name_too_long");
  std::string deep = "output";
  while (deep.size() < PATH_MAX - 2) deep += "/a";
  EXPECT_EQ(path_of(deep), deep);
  EXPECT_EQ(path_of(deep + "/a"), "422 path_too_long");
}

TEST(PlaceTest, PartsAndRights) {
  EXPECT_EQ(right("output/a"), "may");
  EXPECT_EQ(right("deploy/a/b"), "may");
  EXPECT_EQ(right("upload/a"), "read_only");
  EXPECT_EQ(right("upload/a", "admin"), "may");
  for (const char* scope : {"run", "admin"}) {
    EXPECT_EQ(right(".store/a", scope), "append_only");
    EXPECT_EQ(right("", scope), "read_only");
    EXPECT_EQ(right("a.txt", scope), "read_only");
    EXPECT_EQ(right(".todo.jsonl", scope), "may");
    EXPECT_EQ(right(".todo.jsonl/a", scope), "read_only");
    EXPECT_EQ(right(".todo.json", scope), "read_only");
    // Another case is another name, and gives no rights.
    for (const char* other : {"Output/a", "OUTPUT", "Upload/a", ".Store/a", ".STORE/a", "outputs/a"})
      EXPECT_EQ(right(other, scope), "read_only") << other;
  }
  for (const char* fixed : {"", "upload", "output", "deploy", ".store"}) EXPECT_TRUE(place_of(fixed).fixed()) << fixed;
  for (const char* other : {"output/a", ".todo.jsonl", "Output", "upload/upload"})
    EXPECT_FALSE(place_of(other).fixed()) << other;
}

TEST(PlaceTest, WhoeverMeansOutputHearsHowItIsWritten) {
  try {
    demand_change(place_of("Output/a"), "run");
    FAIL();
  } catch (const berth::Error& error) {
    EXPECT_NE(error.hint().find("/workspace/output"), std::string::npos);
  }
}

TEST(PlaceTest, EveryNameComesBackAsItWasGiven) {
  EXPECT_EQ(escaped("a\nb"), "a\\x0ab");
  EXPECT_EQ(escaped("\xff\xc3(ä\\\x7f"), "\\xff\\xc3(ä\\\\\\x7f");
  std::mt19937 random(7);
  for (int i = 0; i < 5000; ++i) {
    std::string name;
    for (unsigned size = random() % 12 + 1; size > 0; --size) name += static_cast<char>(random() % 255 + 1);
    const std::string text = escaped(name);
    EXPECT_EQ(unescaped(text), name);
    EXPECT_NO_THROW((void)berth::Json(text).dump());  // which throws for what is no UTF-8
  }
}

TEST(PlaceTest, WithinAFolder) {
  EXPECT_EQ(within(place_of(""), "output").part, Part::output);
  EXPECT_EQ(within(place_of(""), "x").part, Part::other);
  EXPECT_EQ(within(place_of("output"), "upload").part, Part::output);
  EXPECT_EQ(within(place_of("output"), "a\n").shown(), "/workspace/output/a\\x0a");
  EXPECT_EQ(place_of("output/a/b").folder(), "output/a");
  EXPECT_EQ(place_of("output").folder(), "");
  EXPECT_EQ(place_of("output/a/b").name(), "b");
}

}  // namespace
}  // namespace workspace
