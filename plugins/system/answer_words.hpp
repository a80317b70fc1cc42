// Pieces of schemas that many answers have.
#pragma once

#include <berth/schema.hpp>

namespace machine {

inline berth::Schema count() { return berth::integer().minimum(0); }
inline berth::Schema bytes(const char* what) { return count().describe(std::string("Bytes") + what); }
inline berth::Schema moment() { return berth::string().describe("UTC").example("2026-01-31T12:00:00Z"); }
inline berth::Field truncated() {
  return berth::field("truncated", berth::boolean().describe("There is more than came"));
}
inline berth::Field next() { return berth::optional("next", count().describe("Give it as `skip` to go on")); }
inline berth::Field total() { return berth::field("total", count().describe("That fit, on all pages")); }

inline berth::Schema with(const berth::Schema& some, std::initializer_list<berth::Field> more) {
  berth::Json all = some.json();
  const berth::Json added = berth::object(more).json();
  all["properties"].update(added.at("properties"));
  for (const auto& name : added.value("required", berth::Json::array())) all["required"].push_back(name);
  return berth::Schema(std::move(all));
}

}  // namespace machine
