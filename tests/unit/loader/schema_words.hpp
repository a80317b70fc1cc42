// What the tests of Schema share.
#pragma once

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "loader/schema/schema.hpp"

namespace berth::loader {

using nlohmann::json;

inline Schema made(const char* text) {
  auto schema = Schema::compile(json::parse(text));
  if (!schema) ADD_FAILURE() << text << ": " << schema.error().message;
  return std::move(*schema);
}

// "pointer: expected, got …; …"
inline std::string verdict(const Schema& schema, const json& value) {
  std::string out;
  for (const auto& misfit : schema.check(value)) {
    out += (out.empty() ? "" : "; ") + misfit.pointer + ": " + misfit.expected + ", got " + misfit.got;
  }
  return out;
}

inline std::string verdict(const char* schema, const char* value) { return verdict(made(schema), json::parse(value)); }

inline std::string refusal(const json& schema) {
  const auto compiled = Schema::compile(schema);
  if (compiled) return "accepted";
  EXPECT_EQ(compiled.error().code, "bad_schema");
  return compiled.error().message + (compiled.error().hint.empty() ? "" : " / " + compiled.error().hint);
}

inline constexpr const char* clock_input =
    R"({"type": "object", "additionalProperties": false, "required": ["zone"], "properties": {
    "zone": {"type": "string", "maxLength": 20}, "format": {"enum": ["iso", "unix"]}, "count": {"type": "integer",
    "minimum": 1, "maximum": 10}}})";

}  // namespace berth::loader
