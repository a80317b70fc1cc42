// The quick way to "it fits". Most schemas say no more than which fields there are and what each may be; a value is
// held against such a one in a walk, without an allocation. Whatever else a schema says, and every value that does not
// fit, is for valijson (schema.cpp), which decides and explains.
#pragma once

#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "loader/schema/flat_schema.hpp"
#include "loader/schema/schema_plan.hpp"

namespace berth::loader {

class PlainSchema {
 public:
  PlainSchema(const SchemaPlan& plan, const nlohmann::json& node);  // a node of plan.document; the plan outlives this

  // True: the value fits. False: it does not, or the schema says more than this class knows.
  bool surely_fits(const nlohmann::json& value) const;
  // Its fields, if that is all that it says; they point into the plan.
  std::optional<FlatSchema> flat() const;

 private:
  using Part = std::unique_ptr<const PlainSchema>;
  std::optional<FlatField> as_field() const;
  bool fields_fit(const nlohmann::json::object_t& fields) const;

  bool m_plain = true;  // all of this node's keywords are known here
  const Keywords* m_own = nullptr;
  std::vector<std::string> m_required;
  std::map<std::string, Part> m_fields;
  bool m_open = true;  // to fields that m_fields does not name
  Part m_other, m_items;
};

}  // namespace berth::loader
