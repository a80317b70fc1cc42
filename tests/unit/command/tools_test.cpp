// Which programs `berth NAME` finds, and that a name leads nowhere else.
#include "command/tools.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "unit/service/folder.hpp"

namespace berth::command {
namespace {

class ToolsTest : public testing::Test {
 protected:
  void put(const std::string& name, mode_t mode) {
    std::ofstream(m_folder.file(name)) << "#!/bin/sh\n";
    ::chmod(m_folder.file(name).c_str(), mode);
  }
  const test::Folder m_folder;
};

TEST_F(ToolsTest, ThoseThatCanBeRunAreListedInOrder) {
  put("xlsx", 0755);
  put("docx", 0755);
  put("notes.txt", 0755);
  put("data", 0644);
  std::filesystem::create_directory(m_folder.file("folder"));
  EXPECT_EQ(tools_in(m_folder.path()), (std::vector<std::string>{"docx", "xlsx"}));
  EXPECT_EQ(tool_in(m_folder.path(), "docx"), m_folder.file("docx"));
  EXPECT_EQ(tool_in(m_folder.path(), "data"), std::nullopt);
  EXPECT_EQ(tool_in(m_folder.path(), "folder"), std::nullopt);
  EXPECT_EQ(tool_in(m_folder.path(), "other"), std::nullopt);
}

TEST_F(ToolsTest, ANameLeadsNowhereElse) {
  for (const char* name : {"", "..", "../sh", "/bin/sh", ".", "-x", "a b", "Docx"})
    EXPECT_EQ(tool_in("/bin", name), std::nullopt) << name;
}

TEST_F(ToolsTest, NoFolderHasNone) { EXPECT_TRUE(tools_in(m_folder.file("none")).empty()); }

TEST_F(ToolsTest, WhatCannotBecomeAProgramSaysSo) {
  put("broken", 0755);
  std::ofstream(m_folder.file("broken")) << "#!/no/such/shell\n";
  EXPECT_NE(become_tool(m_folder.file("broken"), {}).find("cannot be run"), std::string::npos);
}

}  // namespace
}  // namespace berth::command
