// In a folder beside the program's own, like the plugins.
#include "command/policy_files.hpp"

#include <algorithm>
#include <filesystem>

namespace berth::command {

namespace fs = std::filesystem;

namespace {

fs::path policy_folder() {
  std::error_code failed;
  const fs::path program = fs::read_symlink("/proc/self/exe", failed);
  return program.parent_path().parent_path() / "share" / "berth" / "policies";
}

}  // namespace

std::string library_policy(const std::string& name) { return (policy_folder() / (name + ".lua")).string(); }

std::vector<std::string> library_policies() {
  std::vector<std::string> names;
  std::error_code failed;
  for (const auto& entry : fs::directory_iterator(policy_folder(), failed)) {
    const std::string name = entry.path().stem().string();
    if (entry.path().extension() == ".lua" && !name.ends_with("_test")) names.push_back(name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace berth::command
