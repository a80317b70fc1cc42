// What the statements of berth.lua have in common.
#include <unistd.h>

#include <filesystem>

#include "command/config_statements.hpp"

namespace berth::command {

namespace fs = std::filesystem;
using nlohmann::json;

// Relative to the folder of the file that names it.
std::string resolved(const Statement& statement, const std::string& path) {
  if (path.empty() || fs::path(path).is_absolute()) return path;
  return (fs::absolute(statement.file()).parent_path() / path).lexically_normal().string();
}

std::string readable(const Statement& statement, const json& object, const char* key) {
  std::string path = resolved(statement, statement.text(object, key));
  if (!path.empty() && ::access(path.c_str(), R_OK) != 0) {
    statement.complain(std::string(key) + ": " + path + " cannot be read", key);
  }
  return path;
}

const json* only_table(const std::vector<json>& arguments) {
  return arguments.size() == 1 && arguments[0].is_object() ? &arguments[0] : nullptr;
}

std::string read_texts(std::vector<std::string>& into, const char* what, const std::vector<json>& arguments) {
  std::string wrong = std::string(what) + " wants texts: " + what + " { \"…\", \"…\" }";
  if (arguments.size() != 1) return wrong;
  json list = arguments[0];
  if (list.is_string()) list = json::array({list});
  if (list.is_object() && list.empty()) return "";
  if (!list.is_array()) return wrong;
  for (const auto& one : list) {
    if (!one.is_string() || one.get_ref<const std::string&>().empty()) return wrong;
    into.push_back(one);
  }
  return "";
}

}  // namespace berth::command
