// How an operation of the host itself is declared.
#include "command/own_operations.hpp"

#include <utility>

namespace berth::command {

using nlohmann::json;

loader::Operation own_operation(std::string name, std::string method, std::string path, std::string summary,
                                json fields) {
  loader::Operation operation;
  operation.name = std::move(name);
  operation.method = std::move(method);
  operation.path = std::move(path);
  operation.summary = std::move(summary);
  operation.concurrent = true;
  operation.read_only = operation.method == "GET";
  json required = json::array();
  for (auto open = operation.path.find('{'); open != std::string::npos; open = operation.path.find('{', open + 1))
    required.push_back(operation.path.substr(open + 1, operation.path.find('}', open) - open - 1));
  operation.input = {{"type", "object"},
                     {"properties", std::move(fields)},
                     {"required", std::move(required)},
                     {"additionalProperties", false}};
  return operation;
}

}  // namespace berth::command
