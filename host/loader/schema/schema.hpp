// JSON Schema, checked: a schema is compiled once and then says of any value whether it fits and, field by field, why
// not. valijson lives behind this header, in one translation unit.
#pragma once

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <vector>

#include "loader/schema/flat_schema.hpp"
#include "service/error.hpp"

namespace berth::loader {

class Schema {
 public:
  // An Error (code "bad_schema") if it is not a schema that can be used: unknown type, remote $ref, broken pattern, ...
  static service::Result<Schema> compile(const nlohmann::json& schema);
  Schema(Schema&&) noexcept;
  Schema& operator=(Schema&&) noexcept;
  ~Schema();

  // Empty: it fits. One entry per field that does not, with what was expected in words. Any thread.
  std::vector<service::Misfit> check(const nlohmann::json& value) const;
  const nlohmann::json& source() const;
  std::optional<FlatSchema> flat() const;  // points into this schema

 private:
  struct Body;
  explicit Schema(std::unique_ptr<Body> body);
  std::unique_ptr<Body> m_body;
};

}  // namespace berth::loader
