// A workspace in a temporary folder, and one call of an operation in one word.
#pragma once

#include <gtest/gtest.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <optional>
#include <string>

#include "asked.hpp"
#include "unit/service/folder.hpp"
#include "umask.hpp"

namespace workspace {

using berth::Json;

class SeatTest : public testing::Test {
 protected:
  SeatTest() {
    for (const char* part : {"upload", "output", "deploy", ".store"}) std::filesystem::create_directory(at(part));
    reopen();
  }
  void reopen(std::uint64_t quota = 0, std::vector<std::string> aliases = {}) {
    const int folder = ::open(m_folder.path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    m_root.emplace(Root::Given{berth::Fd(folder), ::geteuid(), quota, std::move(aliases)});
  }
  std::string at(const std::string& path) const { return m_folder.path() + "/" + path; }
  void put(const std::string& path, const std::string& content) const {
    std::ofstream(at(path), std::ios::binary) << content;
  }
  std::string get(const std::string& path) const { return berth::test::content_of(at(path)); }
  bool there(const std::string& path) const {
    struct stat found;
    return ::lstat(at(path).c_str(), &found) == 0;
  }
  void link(const std::string& target, const std::string& path) const {
    ASSERT_EQ(::symlink(target.c_str(), at(path).c_str()), 0);
  }
  Json run(Json (*operation)(const Asked&), const Json& input, const std::string& scope = "run") {
    return operation({*m_root, m_usage, m_changing, m_proven, input, scope});
  }
  // "403 read_only", or what it answered.
  std::string refusal(Json (*operation)(const Asked&), const Json& input, const std::string& scope = "run") {
    return refusal([&] { return run(operation, input, scope).dump(); });
  }
  static std::string refusal(const std::function<std::string()>& what) {
    try {
      return what();
    } catch (const berth::Error& error) {
      EXPECT_FALSE(error.message().empty());
      EXPECT_LT(error.message().size(), 1000u);
      return std::to_string(error.status()) + " " + error.code();
    }
  }
  // Nothing but these is in a folder: no half file was left.
  std::size_t count(const std::string& folder) const {
    std::size_t all = 0;
    for ([[maybe_unused]] const auto& one : std::filesystem::directory_iterator(at(folder))) ++all;
    return all;
  }

  mode_t mode(const std::string& path) const {
    struct stat found = {};
    EXPECT_EQ(::stat(at(path).c_str(), &found), 0) << path;
    return found.st_mode & 07777;
  }

  const HostsUmask m_umask;
  berth::test::Folder m_folder;
  std::optional<Root> m_root;
  Usage m_usage;
  std::mutex m_changing;
  Proven m_proven;
};

}  // namespace workspace
