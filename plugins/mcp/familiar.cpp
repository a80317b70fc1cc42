// All of them, and what they have in common.
#include "familiar.hpp"

#include <berth/call_parts.hpp>
#include <berth/output.hpp>

#include <utility>

namespace mcp {

const std::vector<Familiar>& familiar_tools() {
  static const std::vector<Familiar> all = [] {
    auto some = filesystem_tools();
    for (auto* more :
         {&linux_tools, &script_tools, &playwright_hands, &playwright_looks, &playwright_more, &browser_use_tools})
      for (auto& one : more()) some.push_back(std::move(one));
    return some;
  }();
  return all;
}

std::optional<Step> step_of(const Familiar& tool, const Json& arguments, const std::vector<Json>& inputs,
                            const Json& all) {
  if (tool.next) return tool.next(arguments, all);
  if (inputs.empty()) throw berth::Error(422, "invalid_input", "these arguments do not fit the schema of this tool");
  if (all.size() >= inputs.size()) return std::nullopt;
  return Step{tool.operation, inputs[all.size()]};
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

void check(const Familiar& tool, const Json& arguments) {
  for (const Json& name : part(tool.input, "required"))
    if (part(arguments, name.get_ref<const std::string&>().c_str()).is_null())
      throw berth::Error(422, "invalid_input", name.get<std::string>() + " is missing");
  if (!part(tool.input, "properties").contains("host")) return;
  const Json& host = part(arguments, "host");
  if (!host.is_null() && host != "" && host != "localhost" && host != "127.0.0.1")
    throw berth::Error(404, "no_host", "this machine is the only one here", "leave host out");
}

Json with_left_out(const Familiar& tool, const Json& arguments, Json result) {
  constexpr std::size_t most_named = 20, longest_name = 100;
  std::string names;
  std::size_t count = 0;
  for (const auto& [name, value] : arguments.items())
    if (!value.is_null() && !part(tool.input, "properties").contains(name) && ++count <= most_named)
      names += (count > 1 ? ", " : "") + berth::clean(std::string_view(name).substr(0, longest_name));
  if (count > most_named) names += ", …";
  if (count > 0 && part(result, "content").is_array())
    result["content"].push_back({{"type", "text"}, {"text", "Left out, since this tool does not know it: " + names}});
  return result;
}

berth::Error in_words_of(const Familiar& tool, const berth::Error& error) {
  std::string hint = error.hint();
  for (const auto& one : familiar_tools()) {
    const std::string_view operation = one.operation;
    const auto at = std::string_view(one.group) == tool.group ? hint.find(operation) : hint.npos;
    if (at == hint.npos || hint.compare(at + operation.size(), 1, "_") == 0) continue;
    hint.replace(at, operation.size(), one.name);
  }
  return {error.status(), error.code(), error.message(), hint};
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
