// What there is: pages of a hundred thousand, names of any bytes, trees with bounds.
#include "list.hpp"

#include <fcntl.h>

#include <set>

#include "read.hpp"
#include "seat.hpp"

namespace workspace {
namespace {

class ListTest : public SeatTest {
 protected:
  Json list(Json more = Json::object()) {
    if (!more.contains("path")) more["path"] = "output";
    return run(&list_folder, more);
  }
  static std::vector<std::string> names(const Json& page) {
    std::vector<std::string> all;
    for (const auto& one : page.at("entries")) all.push_back(one.at("name"));
    return all;
  }
};

TEST_F(ListTest, EntriesOfAllKinds) {
  put("output/b", "12345");
  std::filesystem::create_directory(at("output/a"));
  link("b", "output/c");
  ASSERT_EQ(::mkfifo(at("output/d").c_str(), 0600), 0);
  const Json page = list();
  EXPECT_EQ(names(page), (std::vector<std::string>{"a", "b", "c", "d"}));
  EXPECT_EQ(page.at("total"), 4);
  EXPECT_EQ(page.at("truncated"), false);
  const auto& entries = page.at("entries");
  EXPECT_EQ(entries[0].at("kind"), "folder");
  EXPECT_EQ(entries[1].at("size"), 5);
  EXPECT_EQ(entries[2].at("target"), "b");
  EXPECT_EQ(entries[3].at("kind"), "pipe");
  EXPECT_EQ(names(run(&list_folder, Json::object())),
            (std::vector<std::string>{".store", "deploy", "output", "upload"}));
  EXPECT_EQ(refusal(&list_folder, {{"path", "output/b"}}), "422 not_a_folder");
  EXPECT_EQ(refusal(&list_folder, {{"path", "output/none"}}), "404 not_found");
}

TEST_F(ListTest, AHundredThousandInPages) {
  const berth::Fd folder(::open(at("output").c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  for (int i = 0; i < 100'000; ++i) {
    const berth::Fd made(
        ::openat(folder.get(), ("f" + std::to_string(i)).c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644));
    ASSERT_TRUE(made);
  }
  std::set<std::string> seen;
  Json page = list({{"limit", 1000}});
  EXPECT_EQ(page.at("total"), 100'000);
  EXPECT_LT(page.dump().size(), 200'000u);
  int pages = 1;
  for (;; ++pages) {
    for (const auto& name : names(page)) EXPECT_TRUE(seen.insert(name).second);
    if (!page.contains("next") || pages > 100) break;
    // Most of the way at one go: the middle pages are like the others.
    if (pages == 3) page["next"] = "f97";
    page = list({{"limit", 1000}, {"after", page.at("next")}});
  }
  EXPECT_EQ(page.at("truncated"), false);
  EXPECT_EQ(*seen.begin(), "f0");
  EXPECT_EQ(*seen.rbegin(), "f99999");
  EXPECT_EQ(list({{"sort", "size"}, {"limit", 5}}).at("entries").size(), 5u);
  EXPECT_LE(run(&show_tree, {{"path", ""}, {"limit", 100}}).at("entries"), 100);
}

TEST_F(ListTest, LargestAndLatestFirst) {
  for (int i = 0; i < 20; ++i)
    put("output/f" + std::to_string(i), std::string(static_cast<std::size_t>(i * 7 % 20), 'x'));
  const timespec times[2] = {{0, 0}, {4'000'000'000, 0}};
  ASSERT_EQ(::utimensat(AT_FDCWD, at("output/f5").c_str(), times, 0), 0);
  const Json large = list({{"sort", "size"}, {"limit", 3}});
  EXPECT_EQ(large.at("entries")[0].at("size"), 19);
  EXPECT_EQ(large.at("entries")[2].at("size"), 17);
  EXPECT_EQ(large.at("truncated"), true);
  const Json late = list({{"sort", "modified"}, {"limit", 1}});
  EXPECT_EQ(late.at("entries")[0].at("name"), "f5");
  EXPECT_EQ(late.at("entries")[0].at("modified"), "2096-10-02T07:06:40.000Z");
  EXPECT_EQ(refusal(&list_folder, {{"path", "output"}, {"sort", "size"}, {"after", "a"}}), "422 bad_page");
}

TEST_F(ListTest, NamesOfAnyBytesCanBeGivenBack) {
  for (const char* name : {"new\nline", "\xff\xfe", "back\\slash", "\x1b[31m", "ä", "quote\"", " "})
    put(std::string("output/") + name, name);
  const Json page = list({{"limit", 2}});
  std::size_t count = 0;
  for (Json at = page;; at = list({{"limit", 2}, {"after", at.at("next")}})) {
    EXPECT_NO_THROW((void)at.dump());
    for (const auto& name : names(at)) {
      const std::string path = "output/" + name;
      const Json read = run(&read_file, {{"path", path}, {"as", "binary"}});
      EXPECT_GT(read.at("size"), 0) << path;
      EXPECT_EQ(run(&show_facts, {{"path", read.at("path")}}).at("name"), name);
      ++count;
    }
    if (!at.contains("next")) break;
  }
  EXPECT_EQ(count, 7u);
  EXPECT_NO_THROW((void)run(&show_tree, {{"path", ""}}).dump());
}

TEST_F(ListTest, TreesHaveBounds) {
  std::filesystem::create_directories(at("output/a/b/c/d/e"));
  put("output/a/b/f", "x");
  link("..", "output/a/up");
  const Json tree = run(&show_tree, {{"path", "output"}, {"depth", 2}});
  EXPECT_EQ(tree.at("entries"), 3);
  EXPECT_EQ(tree.at("tree").at("children")[0].at("children")[0].at("name"), "b");
  EXPECT_FALSE(tree.at("tree").at("children")[0].at("children")[0].contains("children"));
  EXPECT_EQ(tree.at("tree").at("children")[0].at("children")[1].at("kind"), "link");
  for (int i = 0; i < 50; ++i) put("output/" + std::to_string(i), "");
  const Json small = run(&show_tree, {{"path", ""}, {"limit", 10}, {"depth", 16}});
  EXPECT_EQ(small.at("entries"), 10);
  EXPECT_EQ(small.at("truncated"), true);
  EXPECT_EQ(small.at("tree").at("children").size(), 4u);
  EXPECT_EQ(small.at("tree").at("children")[2].at("truncated"), true);
  const Json exact = run(&show_tree, {{"path", "output"}, {"limit", 51}, {"depth", 1}});
  EXPECT_EQ(exact.at("truncated"), false);
}

TEST_F(ListTest, ATreeOfAFolderThatALinkLeadsTo) {
  std::filesystem::create_directories(at("output/a/b"));
  put("output/a/b/f", "x");
  link("a", "output/l");
  const Json tree = run(&show_tree, {{"path", "output/l"}});
  EXPECT_EQ(tree.at("entries"), 2);
  EXPECT_EQ(tree.at("tree").at("children")[0].at("children")[0].at("name"), "f");
  EXPECT_EQ(run(&show_tree, {{"path", "output/l/b"}}).at("entries"), 1);
}

TEST_F(ListTest, FactsOfOne) {
  put("output/a", "123");
  link("a", "output/l");
  link("/etc/passwd", "output/out");
  ASSERT_EQ(::chmod(at("output/a").c_str(), 0750), 0);
  const Json facts = run(&show_facts, {{"path", "output/a"}});
  EXPECT_EQ(facts.at("mode"), "0750");
  EXPECT_EQ(facts.at("size"), 3);
  EXPECT_EQ(facts.at("may_change"), true);
  EXPECT_EQ(facts.at("etag"), run(&read_file, {{"path", "output/a"}}).at("etag"));
  EXPECT_EQ(run(&show_facts, {{"path", "output/l"}}).at("leads_to"), "file");
  EXPECT_EQ(run(&show_facts, {{"path", "output/out"}}).at("leads_to"), nullptr);
  EXPECT_EQ(run(&show_facts, {{"path", "output/out"}}).at("target"), "/etc/passwd");
  EXPECT_EQ(run(&show_facts, {{"path", "output/a"}}, "read").at("may_change"), false);
  EXPECT_EQ(run(&show_facts, {{"path", "upload"}}).at("may_change"), false);
  EXPECT_EQ(run(&show_facts, {{"path", "upload"}}, "admin").at("may_change"), true);
  EXPECT_EQ(run(&show_facts, {{"path", ""}}).at("kind"), "folder");
  EXPECT_EQ(refusal(&show_facts, {{"path", "output/none"}}), "404 not_found");
}

}  // namespace
}  // namespace workspace
