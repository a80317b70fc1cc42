// How an operation of the host itself is declared.
#include "command/own_operations.hpp"

#include <utility>

#include "command/host.hpp"

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

OwnOperations::OwnOperations() {
  m_manifest.name = "host";
  m_manifest.version = Host::version();
  m_manifest.summary = "Berth itself";
}

void OwnOperations::offer(loader::Operation operation, Reach reach, Handler handler) {
  m_manifest.operations.push_back(std::move(operation));
  m_offered.push_back({reach, std::move(handler)});
}

void OwnOperations::invoke(std::shared_ptr<loader::Reply> reply) {
  const auto number = reply->request().operation;
  const auto& bound_to = reply->request().asker->who.session;
  if (m_offered[number].reach == Reach::session || !bound_to) return m_offered[number].handler(reply);
  reply->fail({403, "forbidden",
               m_manifest.operations[number].name + " is about the whole host, and this token is for the session \"" +
                   *bound_to + "\" alone",
               "use a token that is for no session"});
}

}  // namespace berth::command
