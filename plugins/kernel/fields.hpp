// Fields of JSON that may have any shape.
#pragma once

#include <berth/call.hpp>

#include <string>
#include <utility>

namespace kernel {

inline berth::Json field(const berth::Json& from, const char* name, berth::Json otherwise = {}) {
  const auto at = from.find(name);
  return at == from.end() ? std::move(otherwise) : *at;
}

// The same, if it is of the kind that `otherwise` is.
inline berth::Json typed(const berth::Json& from, const char* name, berth::Json otherwise) {
  berth::Json value = field(from, name);
  if (value.is_number_integer() && otherwise.is_number_integer()) return value;
  return value.type() == otherwise.type() ? value : otherwise;
}

inline std::string text(const berth::Json& from, const char* name) { return typed(from, name, "").get<std::string>(); }

}  // namespace kernel
