// Turns a template of sdk/template/ into a file of a new plugin; its README.md has the few rules.
#pragma once

#include <set>
#include <string>
#include <string_view>

namespace berth::command {

struct NewPlugin {
  std::string name;
  std::string language = "c++";  // or "c"
  std::set<std::string> kinds = {"call"};
};

bool is_taken_word(std::string_view name);      // by the host itself, or by CMake
bool is_plugin_word(std::string_view name);     // as manifest.md wants a plugin's name
std::string class_name(std::string_view name);  // "my_plugin" → "MyPlugin"
std::string fill(std::string_view text, const NewPlugin& plugin);

}  // namespace berth::command
