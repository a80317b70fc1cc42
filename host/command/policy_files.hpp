// Where the policies that come with Berth are.
#pragma once

#include <string>
#include <vector>

namespace berth::command {

std::string library_policy(const std::string& name);  // its file, whether it is there or not
std::vector<std::string> library_policies();          // their names

}  // namespace berth::command
