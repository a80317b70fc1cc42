// `berth NAME …`, where NAME is none of the host's own commands: a program of that name, which came with a plugin. The
// host knows none of them; it looks into one folder.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace berth::command {

// Where they lie: lib/berth/tools beside the folder of the program.
std::string tools_folder();

// Their names, in order; none if there is no such folder.
std::vector<std::string> tools_in(const std::string& folder);

// The program of that name; null: there is none.
std::optional<std::string> tool_in(const std::string& folder, const std::string& name);

// Becomes that program, with these words. Comes back only if it cannot: what to say of it.
std::string become_tool(const std::string& file, const std::vector<std::string>& words);

}  // namespace berth::command
