// `berth plugin new NAME`: a folder with a complete plugin in it, which builds against the installed SDK alone.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <optional>
#include <utility>
#include <vector>

#include "command/commands.hpp"
#include "command/plugin_template.hpp"
#include "command/serve.hpp"
#include "command/template_parts.hpp"
#include "loader/finder.hpp"
#include "service/text.hpp"

namespace berth::command {

namespace fs = std::filesystem;

namespace {

const std::vector<std::string> all_kinds{"call", "stream", "upload", "download", "socket", "http"};

int refuse_new(const std::string& why) {
  std::cerr << "berth: plugin new: " << why << "\n";
  return misused;
}

// Nothing for a word that is no kind; it is said.
std::optional<std::set<std::string>> kinds_of(const std::string& list) {
  std::set<std::string> kinds;
  for (std::size_t at = 0; at <= list.size();) {
    const auto end = std::min(list.find(',', at), list.size());
    const std::string word = list.substr(at, end - at);
    if (std::find(all_kinds.begin(), all_kinds.end(), word) == all_kinds.end()) {
      const auto near = service::near_names(word, all_kinds);
      refuse_new("there is no kind \"" + word + "\"; " +
                 (near.empty() ? "there are call, stream, upload, download, socket, http"
                               : "did you mean " + near.front() + "?"));
      return std::nullopt;
    }
    kinds.insert(word);
    at = end + 1;
  }
  return kinds;
}

using Files = std::vector<std::pair<std::string, std::string_view>>;

Files files_of(const NewPlugin& plugin) {
  const bool in_c = plugin.language == "c";
  return {{plugin.name + (in_c ? ".c" : ".cpp"), in_c ? template_plugin_c : template_plugin_cpp},
          {"CMakeLists.txt", template_cmake_txt},
          {"tests/" + plugin.name + "_test.cpp", template_test_cpp},
          {"scenario/" + plugin.name + ".txt", template_scenario_txt},
          {"README.md", template_page_md},
          {"berth.lua", template_config_lua},
          {".gitignore", template_ignore},
          {".github/workflows/ci.yml", template_ci_yml}};
}

// What went wrong; empty: nothing.
std::string write(const fs::path& folder, const NewPlugin& plugin) {
  std::error_code failed;
  fs::create_directories(folder, failed);
  if (!fs::is_directory(folder)) return folder.string() + " is no folder, and cannot be made one";
  if (!fs::is_empty(folder, failed) || failed) return folder.string() + " is not empty; name another with --into DIR";
  for (const auto& [name, text] : files_of(plugin)) {
    fs::create_directories((folder / name).parent_path(), failed);
    std::ofstream out(folder / name, std::ios::binary);
    out << fill(text, plugin);
    out.close();
    if (!out) return (folder / name).string() + " cannot be written";
  }
  return {};
}

void tell(const std::string& folder, const NewPlugin& plugin) {
  std::cout << folder << " has a new plugin, " << plugin.name << ":\n";
  for (const auto& file : files_of(plugin)) std::cout << "  " << file.first << "\n";
  std::cout << "\n  cd " << folder << "\n"
            << "  cmake -S . -B build && cmake --build build    # with -DCMAKE_PREFIX_PATH=… if Berth is not in /usr\n"
            << "  ctest --test-dir build                        # its tests, berth-check, a real host\n"
            << "  berth serve --config berth.lua --state state\n";
}

}  // namespace

std::vector<Option> plugin_new_options() {
  return {{"--lang", "LANG", "new: c++ (if not given) or c"},
          {"--kind", "KINDS", "new: of call,stream,upload,download,socket,http; call if not given"},
          {"--into", "DIR", "new: the folder to write into, which must be empty; NAME if not given"}};
}

int plugin_new(const Arguments& arguments) {
  const auto& words = arguments.rest();
  if (words.size() != 2) return refuse_new("wants one NAME; see: berth plugin --help");
  NewPlugin plugin{words[1], arguments.value("--lang", "c++")};
  if (!is_plugin_word(plugin.name))
    return refuse_new("\"" + plugin.name + "\" is no name: a word of a-z 0-9 _ that begins with a letter, at most 40");
  if (is_taken_word(plugin.name))
    return refuse_new("\"" + plugin.name + "\" is taken: the host or CMake has something else of this name");
  if (loader::find_plugin(plugin.name, {}, built_in_plugin_folders()))
    return refuse_new("\"" + plugin.name + "\" is taken: a plugin of this name comes with the host");
  if (plugin.language == "cpp") plugin.language = "c++";
  if (plugin.language != "c++" && plugin.language != "c") return refuse_new("--lang is c++ or c");
  auto kinds = kinds_of(arguments.value("--kind", "call"));
  if (!kinds) return misused;
  plugin.kinds = std::move(*kinds);
  const std::string folder = arguments.value("--into", plugin.name);
  if (const auto wrong = write(folder, plugin); !wrong.empty()) {
    std::cerr << "berth: plugin new: " << wrong << "\n";
    return failed;
  }
  tell(folder, plugin);
  return done;
}

}  // namespace berth::command
