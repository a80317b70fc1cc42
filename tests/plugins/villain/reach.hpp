// What a plugin that wants out of its process would try; each attempt says with which errno it failed, or "done".
#pragma once

#include <string>
#include <utility>
#include <vector>

// All of them: name and outcome. `host` is the host's process, `state` its directory, `token` its root token's file.
std::vector<std::pair<std::string, std::string>> reach(int host, const std::string& state, const std::string& token);
