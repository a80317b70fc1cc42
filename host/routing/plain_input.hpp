// The quick way from path and query to an operation's input: where the schema is flat and the values are plain, the
// canonical JSON is written at once, already checked, and no JSON value is made. For all else there is InputForm, and
// the schema's check, which say what is wrong.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "loader/schema/schema.hpp"

namespace berth::routing {

class PlainInput {
 public:
  explicit PlainInput(const loader::Schema& schema);  // which outlives this

  // Null: not sure; ask the slow way.
  std::optional<std::string> text(const std::vector<std::pair<std::string, std::string>>& path_parameters,
                                  std::string_view query) const;

 private:
  static constexpr std::size_t most_given = 16;
  struct Field {
    std::string opening;  // "name":
    loader::FlatField says;
    bool any = false, any_item = false;  // every value of the type will do
  };
  struct Given {
    const Field* field;
    std::string_view value;
  };
  struct Gathered {
    std::array<Given, most_given> all;
    std::size_t count = 0;
  };

  const Field* find(std::string_view name) const;
  bool gather(std::string_view name, std::string_view value, Gathered& to) const;
  bool gather_query(std::string_view query, Gathered& to) const;
  static bool write(const Field& field, const Gathered& from, std::string& to);
  static bool write_value(const Field& field, std::string_view value, std::string& to);

  std::vector<Field> m_fields;
  bool m_usable = false;
};

}  // namespace berth::routing
