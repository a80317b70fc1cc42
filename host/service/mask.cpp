// The longest first would matter only if one secret held another; then what is left of it still says nothing.
#include "service/mask.hpp"

namespace berth::service {

std::string masked(std::string text, const SecretSet& secrets) {
  constexpr std::size_t shortest = 6;
  for (const auto& [name, secret] : secrets) {
    const auto value = secret.view();
    if (value.size() < shortest) continue;
    const std::string instead = "[secret " + name + "]";
    for (auto at = text.find(value); at != std::string::npos; at = text.find(value, at + instead.size()))
      text.replace(at, value.size(), instead);
  }
  return text;
}

}  // namespace berth::service
