// name:password:number:…
#include "users.hpp"

#include "fields.hpp"

namespace machine {

Users::Users(std::string_view passwd) {
  for (const auto line : lines_of(passwd)) {
    const auto first = line.find(':'), second = line.find(':', first + 1);
    if (first == std::string_view::npos || second == std::string_view::npos) continue;
    const auto third = line.find(':', second + 1);
    const auto number =
        number_of<unsigned>(line.substr(second + 1, third == std::string_view::npos ? third : third - second - 1));
    if (number) m_names.emplace(*number, shown(line.substr(0, first)));
  }
}

std::string Users::name_of(unsigned user) const {
  const auto at = m_names.find(user);
  return at == m_names.end() ? std::to_string(user) : at->second;
}

}  // namespace machine
