// All of them, and what they have in common.
#include "familiar.hpp"

#include <utility>

namespace mcp {

const std::vector<Familiar>& familiar_tools() {
  static const std::vector<Familiar> all = [] {
    auto some = filesystem_tools();
    for (auto& one : linux_tools()) some.push_back(std::move(one));
    return some;
  }();
  return all;
}

std::string missing_in(const Json& arguments, const Json& schema) {
  for (const Json& name : part(schema, "required"))
    if (part(arguments, name.get_ref<const std::string&>().c_str()).is_null()) return name;
  return {};
}

Json known_input(std::initializer_list<KnownField> fields) {
  Json properties = Json::object(), required = Json::array();
  for (const auto& field : fields) {
    const bool needed = *field.name == '*';
    const char* name = field.name + (needed ? 1 : 0);
    Json one{{"type", field.type}, {"description", field.about}};
    one.update(field.more);
    properties[name] = std::move(one);
    if (needed) required.push_back(name);
  }
  Json schema{{"type", "object"}, {"properties", std::move(properties)}};
  if (!required.empty()) schema["required"] = std::move(required);
  return schema;
}

}  // namespace mcp
