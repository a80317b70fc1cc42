// Fields that several operations have.
#include "declare.hpp"

namespace browser {

using namespace berth;
using namespace answers;

std::vector<Field> picture_fields() {
  return {ref_field(), selector_field(),
          berth::optional("quality", integer().minimum(1).maximum(100).otherwise(80).describe("Of jpeg")),
          berth::optional("full", boolean().otherwise(false).describe("The whole page")),
          berth::optional("marks", boolean().otherwise(false).describe("Refs on what can be used"))};
}

std::vector<Field> print_fields() {
  return {berth::optional("paper", berth::string().one_of({"A3", "A4", "A5", "letter", "legal"})),
          berth::optional("landscape", boolean().otherwise(false)),
          berth::optional("background", boolean().otherwise(true).describe("Colours and pictures behind texts")),
          berth::optional("scale", number().minimum(0.1).maximum(2).otherwise(1)),
          berth::optional("margin", number().minimum(0).maximum(100).describe("Millimetres, on all sides")),
          berth::optional("pages", berth::string().pattern("^[0-9, -]{1,200}$").describe("1-3, 5; all, if not given")),
          berth::optional("header", berth::string().max_length(10'000).describe(
                                        "HTML; class=pageNumber and its like are filled in")),
          berth::optional("footer", berth::string().max_length(10'000)),
          berth::optional("outline", boolean().otherwise(true).describe("Bookmarks of its headings"))};
}

Schema with_more(std::vector<Field> fields, std::initializer_list<Field> more) {
  fields.insert(fields.end(), more.begin(), more.end());
  Json properties = Json::object(), required = Json::array();
  for (const auto& one : fields) {
    properties[one.name] = one.schema.json();
    if (one.required) required.push_back(one.name);
  }
  Schema all = object().set("properties", std::move(properties));
  if (!required.empty()) all.set("required", std::move(required));
  return all;
}

}  // namespace browser
