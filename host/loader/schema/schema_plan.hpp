// A schema made ready for checking: what valijson is to put together, and what we check ourselves at each place.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "loader/schema/keywords.hpp"
#include "service/error.hpp"

namespace berth::loader {

struct SchemaPlan {
  // A draft 7 schema of composition only (properties, required, items, anyOf, $ref, …). The member `berth` of a node is
  // the place of its other keywords in `keywords`. A node with $ref has nothing beside it.
  nlohmann::json document;
  std::vector<Keywords> keywords;

  const nlohmann::json& resolve(
      const nlohmann::json& node) const;  // what its $ref means; the node itself if it has none
  const Keywords& keywords_of(const nlohmann::json& node) const;
};

constexpr const char* keywords_member = "berth";

// code "bad_schema"
service::Result<SchemaPlan> read_schema(const nlohmann::json& source);
// nullopt if checking a value cannot go round in circles or too deep; otherwise why it could.
std::optional<std::string> endless(const SchemaPlan& plan);

}  // namespace berth::loader
