// One input object out of the three places where a request may put its fields: path, query and JSON body.
#pragma once

#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "service/error.hpp"

namespace berth::routing {

// What the fields of an operation's input may be, read off its schema once.
class InputForm {
 public:
  explicit InputForm(const nlohmann::json& schema);

  // Texts become what the schema says they are: numbers, booleans, arrays by repetition. A text that cannot stays a
  // text, so that the schema's check names it. 400 bad_query for broken escapes; 422 invalid_input for a body that is
  // no object or a field given twice.
  service::Result<nlohmann::json> fill(std::vector<std::pair<std::string, std::string>> path_parameters,
                                       std::string_view query, std::optional<nlohmann::json> body) const;

  // The types that a field may have, as its schema says in one place or another.
  struct Types {
    bool integer = false, number = false, boolean = false, string = false, array = false, structured = false;
    void add(std::string_view type);
  };
  struct Field {
    Types own, item;  // item: of an array's items
  };

 private:
  const Field& field(std::string_view name) const;
  std::optional<service::Error> read_query(std::string_view query, nlohmann::json& input) const;

  std::map<std::string, Field, std::less<>> m_fields;
};

}  // namespace berth::routing
