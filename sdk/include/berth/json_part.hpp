// Reads JSON that somebody else said: what is not there, or of another type than expected, is nothing, and no
// exception.
#ifndef BERTH_JSON_PART_HPP
#define BERTH_JSON_PART_HPP

#include <nlohmann/json.hpp>
#include <string>

namespace berth {

// What stands under a name; null if nothing does, or `of` is no object.
inline const nlohmann::json& part(const nlohmann::json& of, const char* name) {
  static const nlohmann::json nothing;
  if (!of.is_object()) return nothing;
  const auto at = of.find(name);
  return at == of.end() ? nothing : *at;
}

inline std::string text_of(const nlohmann::json& of, const char* name) {  // empty if it is no text
  const auto& found = part(of, name);
  return found.is_string() ? found.get<std::string>() : std::string();
}

inline double number_of(const nlohmann::json& of, const char* name) {  // 0 if it is none
  const auto& found = part(of, name);
  return found.is_number() ? found.get<double>() : 0;
}

}  // namespace berth

#endif
