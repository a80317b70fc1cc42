// All of them, and what they have in common.
#include "familiar.hpp"

#include <berth/call_parts.hpp>

#include <utility>

namespace mcp {

const std::vector<Familiar>& familiar_tools() {
  static const std::vector<Familiar> all = [] {
    auto some = filesystem_tools();
    for (auto* more : {&linux_tools, &script_tools, &playwright_hands, &playwright_looks, &browser_use_tools})
      for (auto& one : more()) some.push_back(std::move(one));
    return some;
  }();
  return all;
}

std::optional<Step> step_of(const Familiar& tool, const Json& arguments, const Json& all) {
  if (tool.next) return tool.next(arguments, all);
  auto inputs = tool.inputs(arguments);
  if (inputs.empty()) throw berth::Error(422, "invalid_input", "these arguments do not fit the schema of this tool");
  if (all.size() >= inputs.size()) return std::nullopt;
  return Step{tool.operation, std::move(inputs[all.size()])};
}

std::string text_in(const Json& of, const char* name) {
  const Json& value = part(of, name);
  return value.is_string() ? value.get<std::string>() : std::string();
}

const Json& list_in(const Json& of, const char* name) {
  static const Json none = Json::array();
  const Json& value = part(of, name);
  return value.is_array() ? value : none;
}

Json told(const std::string& text) { return {{"content", Json::array({{{"type", "text"}, {"text", text}}})}}; }

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
