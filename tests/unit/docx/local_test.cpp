// Files of the machine: what is written comes to its place whole, and nothing else there changes.
#include "serve/local.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "documents.hpp"

namespace ooxml::serve {
namespace {

namespace fs = std::filesystem;

class Machine : public testing::Test {
 protected:
  Machine() {
    std::string name = (fs::temp_directory_path() / "docx-local-XXXXXX").string();
    m_folder = ::mkdtemp(name.data());
  }
  ~Machine() override { fs::remove_all(m_folder); }
  std::string path(const std::string& name) const { return (m_folder / name).string(); }
  std::string at(const std::string& name) const {
    std::ifstream file(path(name), std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  std::size_t files() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(m_folder), fs::directory_iterator()));
  }
  fs::path m_folder;
  Local m_local;
};

TEST_F(Machine, ANewFileReplacesNoneUnlessItMay) {
  m_local.put({path("a")}, "one");
  EXPECT_EQ(docx::test::code_of([&] { m_local.put({path("a")}, "two"); }), "exists");
  EXPECT_EQ(at("a"), "one");
  m_local.put({path("a"), true}, "two");
  EXPECT_EQ(at("a"), "two");
  EXPECT_EQ(files(), 1u);
}

TEST_F(Machine, ALinkStaysAndWhatItLeadsToIsReplaced) {
  fs::create_directory(m_folder / "folder");
  m_local.put({path("folder/real")}, "one");
  fs::create_symlink("folder/real", path("link"));
  fs::create_symlink(path("link"), path("further"));
  m_local.put({path("further"), true, m_local.etag_of(path("further"))}, "two");
  EXPECT_TRUE(fs::is_symlink(path("link")));
  EXPECT_TRUE(fs::is_symlink(path("further")));
  EXPECT_EQ(at("folder/real"), "two");
  EXPECT_EQ(docx::test::code_of([&] { m_local.put({path("link")}, "three"); }), "exists");
}

TEST_F(Machine, ALinkToNothingLeadsToTheNewFile) {
  fs::create_symlink("new", path("link"));
  m_local.put({path("link"), true}, "one");
  EXPECT_TRUE(fs::is_symlink(path("link")));
  EXPECT_EQ(at("new"), "one");
}

}  // namespace
}  // namespace ooxml::serve
