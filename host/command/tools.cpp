// As git has its own programs: found by their names, and run in place of this one, so that signals, terminal and exit
// code are theirs.
#include "command/tools.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>

namespace berth::command {

namespace fs = std::filesystem;

namespace {

// A plain word: nothing that leads elsewhere, and no option.
bool is_tool_name(const std::string& name) {
  return !name.empty() && name.size() <= 64 && name.front() != '-' &&
         name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-_") == std::string::npos;
}

bool is_tool(const fs::path& file) {
  std::error_code failed;
  return fs::is_regular_file(file, failed) && ::access(file.c_str(), X_OK) == 0;
}

}  // namespace

std::string tools_folder() {
  std::error_code failed;
  const fs::path program = fs::read_symlink("/proc/self/exe", failed);
  return (program.parent_path().parent_path() / "lib" / "berth" / "tools").string();
}

std::vector<std::string> tools_in(const std::string& folder) {
  std::vector<std::string> names;
  std::error_code failed;
  for (const auto& entry : fs::directory_iterator(folder, failed)) {
    const std::string name = entry.path().filename().string();
    if (is_tool_name(name) && is_tool(entry.path())) names.push_back(name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::optional<std::string> tool_in(const std::string& folder, const std::string& name) {
  if (!is_tool_name(name)) return std::nullopt;
  const fs::path file = fs::path(folder) / name;
  if (!is_tool(file)) return std::nullopt;
  return file.string();
}

std::string become_tool(const std::string& file, const std::vector<std::string>& words) {
  std::vector<std::string> all{file};
  all.insert(all.end(), words.begin(), words.end());
  std::vector<char*> raw;
  raw.reserve(all.size() + 1);
  for (auto& word : all) raw.push_back(word.data());
  raw.push_back(nullptr);
  ::execv(file.c_str(), raw.data());
  return file + " cannot be run: " + std::strerror(errno);
}

}  // namespace berth::command
