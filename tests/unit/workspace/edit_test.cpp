// Exact replacements, and the diffs that tell of them.
#include "edit.hpp"

#include <cstdlib>
#include <random>

#include "diff.hpp"
#include "seat.hpp"

namespace workspace {
namespace {

class EditTest : public SeatTest {
 protected:
  Json edit(Json edits, Json more = Json::object()) {
    more["path"] = "output/f";
    more["edits"] = std::move(edits);
    return run(&edit_file, more);
  }
  std::string refused(Json edits, Json more = Json::object()) {
    more["path"] = "output/f";
    more["edits"] = std::move(edits);
    return refusal(&edit_file, more);
  }
};

TEST_F(EditTest, ReplacesWhatIsThereOnce) {
  put("output/f", "one\ntwo\nthree\n");
  const Json done = edit({{{"old_text", "two"}, {"new_text", "2"}}, {{"old_text", "2\nthree"}, {"new_text", "3"}}});
  EXPECT_EQ(get("output/f"), "one\n3\n");
  EXPECT_EQ(done.at("replaced"), 2);
  EXPECT_EQ(done.at("diff"), "--- output/f\n+++ output/f\n@@ -1,3 +1,2 @@\n one\n-two\n-three\n+3\n");
}

TEST_F(EditTest, AllOrNothing) {
  put("output/f", "a b a\n");
  EXPECT_EQ(refused({{{"old_text", "b"}, {"new_text", "c"}}, {{"old_text", "none"}, {"new_text", ""}}}),
            "422 no_match");
  EXPECT_EQ(refused({{{"old_text", "a"}, {"new_text", "c"}}}), "422 many_matches");
  EXPECT_EQ(get("output/f"), "a b a\n");
  EXPECT_EQ(edit({{{"old_text", "a"}, {"new_text", "aa"}, {"all", true}}}).at("replaced"), 2);
  EXPECT_EQ(get("output/f"), "aa b aa\n");
  EXPECT_EQ(count("output"), 1u);
}

TEST_F(EditTest, ADryRunOnlyShows) {
  put("output/f", "a\n");
  const Json shown = edit({{{"old_text", "a"}, {"new_text", "b"}}}, {{"dry_run", true}});
  EXPECT_EQ(shown.at("diff"), "--- output/f\n+++ output/f\n@@ -1,1 +1,1 @@\n-a\n+b\n");
  EXPECT_EQ(get("output/f"), "a\n");
  EXPECT_EQ(edit({{{"old_text", "a"}, {"new_text", "b"}}}, {{"expect_etag", shown.at("etag")}}).at("replaced"), 1);
  EXPECT_EQ(refused({{{"old_text", "b"}, {"new_text", "c"}}}, {{"expect_etag", shown.at("etag")}}), "412 changed");
}

TEST_F(EditTest, HintsTellWhatIsWrong) {
  const auto hint = [&](const char* old_text) {
    try {
      edit({{{"old_text", old_text}, {"new_text", ""}}});
    } catch (const berth::Error& error) {
      return error.message() + "; " + error.hint();
    }
    return std::string();
  };
  put("output/f", "a\r\nb\r\nx\r\nx\r\n");
  EXPECT_NE(hint("a\nb").find("\\r\\n"), std::string::npos);
  EXPECT_NE(hint("x").find("lines 3, 4"), std::string::npos);
}

// All of it, or nothing: not the first hundred thousand alone.
TEST_F(EditTest, WhatIsThereTooOftenStays) {
  const std::string often(100'001, 'a');
  put("output/f", often);
  EXPECT_EQ(refused({{{"old_text", "a"}, {"new_text", "b"}, {"all", true}}}), "413 too_many_matches");
  EXPECT_EQ(get("output/f"), often);
  put("output/f", often.substr(1));
  EXPECT_EQ(edit({{{"old_text", "a"}, {"new_text", "b"}, {"all", true}}}).at("replaced"), 100'000);
}

TEST_F(EditTest, OnlyTextFilesOfASensibleSize) {
  put("output/f", "a\xff");
  EXPECT_EQ(refused({{{"old_text", "a"}, {"new_text", "b"}}}), "422 not_text");
  put("output/f", std::string(most_edited + 1, 'a'));
  EXPECT_EQ(refused({{{"old_text", "a"}, {"new_text", "b"}}}), "413 file_too_large");
  put("output/f", std::string(most_edited, 'a'));
  const std::string old_text(1000, 'a'), new_text(3000, 'b');
  EXPECT_EQ(refused({{{"old_text", old_text}, {"new_text", new_text}, {"all", true}}}), "413 file_too_large");
  EXPECT_EQ(refusal(&edit_file, {{"path", "output/none"}, {"edits", Json::array()}}), "404 not_found");
  EXPECT_EQ(refusal(&edit_file, {{"path", "output"}, {"edits", Json::array()}}), "422 is_a_folder");
  EXPECT_EQ(refusal(&edit_file, {{"path", "upload/f"}, {"edits", Json::array()}}), "403 read_only");
}

// Each diff, given to patch, makes the new text of the old.
TEST_F(EditTest, PatchUnderstandsTheDiffs) {
  if (std::system("patch --version >/dev/null 2>&1") != 0) GTEST_SKIP() << "there is no patch here";
  std::mt19937 random(11);
  const auto text = [&](int lines) {
    std::string all;
    for (int i = 0; i < lines; ++i) all += std::string(1, static_cast<char>('a' + random() % 5)) + "\n";
    if (lines > 0 && random() % 4 == 0) all.pop_back();
    return all;
  };
  for (int i = 0; i < 60; ++i) {
    const std::string before = text(static_cast<int>(random() % 40)), after = text(static_cast<int>(random() % 40));
    if (before == after) continue;
    bool cut = true;
    put("output/f", before);
    put("output/diff", unified_diff(before, after, "f", 1u << 20, cut));
    EXPECT_FALSE(cut);
    EXPECT_EQ(std::system(("cd " + at("output") + " && patch -s -f f < diff").c_str()), 0) << before << "---\n"
                                                                                           << after;
    EXPECT_EQ(get("output/f"), after) << get("output/diff");
  }
}

TEST_F(EditTest, DiffsOfAnySizeEnd) {
  std::string before, after;
  for (int i = 0; i < 20000; ++i) {
    before += "a" + std::to_string(i) + "\n";
    after += "b" + std::to_string(i) + "\n";
  }
  bool cut = false;
  EXPECT_LE(unified_diff(before, after, "f", 1000, cut).size(), 1000u);
  EXPECT_TRUE(cut);
  EXPECT_EQ(unified_diff("", "", "f", 1000, cut), "");
  EXPECT_EQ(unified_diff("", "a", "f", 1000, cut), "--- f\n+++ f\n@@ -0,0 +1,1 @@\n+a\n\\ No newline at end of file\n");
}

}  // namespace
}  // namespace workspace
