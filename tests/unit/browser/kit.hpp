// Accessibility trees as the browser tells them, written down in few words.
#pragma once

#include <string>
#include <vector>

#include "snapshot.hpp"

namespace browser::test {

struct Node {
  std::string role, name;
  std::vector<Node> children = {};
  Json more = Json::object();  // further fields, such as "value" and "properties"
};

inline Json property(const char* name, Json value) {
  return with("name", name, "value", with("value", std::move(value)));
}

inline std::string add(Json& nodes, const Node& node) {
  const std::string id = std::to_string(nodes.size() + 1);
  const std::size_t at = nodes.size();
  nodes.push_back(with("nodeId", id, "role", with("value", node.role), "name", with("value", node.name),
                       "backendDOMNodeId", static_cast<std::int64_t>(at + 100)));
  for (const auto& [field, value] : node.more.items()) nodes[at][field] = value;
  Json ids = Json::array();
  for (const auto& one : node.children) ids.push_back(add(nodes, one));
  nodes[at]["childIds"] = ids;
  return id;
}

inline Tree tree(const Node& root) {
  Tree made{"S", Json::array(), {}};
  add(made.nodes, root);
  return made;
}

inline std::vector<std::string> lines(const Node& root) {
  Refs refs;
  return lines_of(tree(root), refs);
}

}  // namespace browser::test
