// Tools under the names and with the arguments that clients of other servers know, on operations of ours: what another
// server's client sends becomes the input of an operation, and its answer what that client expects to read.
#pragma once

#include <string>
#include <vector>

#include "message.hpp"

namespace mcp {

struct Familiar {
  const char *group, *name, *operation, *title, *about;
  Json input;
  Json hints;                                          // as MCP has them
  std::vector<Json> (*inputs)(const Json& arguments);  // of the operation, one call after the other
  Json (*result)(const Json& arguments,
                 const Json& all);  // of a tool; `all`: the answers, or {"failed": why} of several
  bool says_content = false;        // its structured content is {content: text}
};

// All of them, for as long as the process lives.
const std::vector<Familiar>& familiar_tools();
std::vector<Familiar> filesystem_tools();
std::vector<Familiar> linux_tools();

// What is missing in arguments that a schema requires; empty: nothing.
std::string missing_in(const Json& arguments, const Json& schema);

// An object's schema: fields {name, type, what it is}; those that are required first, a '*' before their names.
struct KnownField {
  const char *name, *type, *about;
  Json more = Json::object();
};
Json known_input(std::initializer_list<KnownField> fields);

}  // namespace mcp
