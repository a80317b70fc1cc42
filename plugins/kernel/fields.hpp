// Fields of JSON that may have any shape.
#pragma once

#include <berth/call.hpp>

#include <utility>

namespace kernel {

inline berth::Json field(const berth::Json& from, const char* name, berth::Json otherwise = {}) {
  const auto at = from.find(name);
  return at == from.end() ? std::move(otherwise) : *at;
}

}  // namespace kernel
