// What an archive's members may be called and where their links may lead: nowhere outside of the folder that they are
// extracted to. Text alone.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace workspace {

// "./a//b/" as {"a", "b"}; the folder itself is {}. Throws an Error (422) if the path is absolute or has "..".
std::vector<std::string> member_path(std::string_view path);

// Throws an Error (422) if a link there could lead out: it may begin with as many ".." as it lies deep, and have none
// later, where another link may stand before it.
void check_link(const std::vector<std::string>& link, std::string_view target);

}  // namespace workspace
