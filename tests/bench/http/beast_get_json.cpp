// The route as a JSON route is written: the parameters become a JSON value, checked, and that is the answer. This is
// what the other servers do, too.
#include <nlohmann/json.hpp>

#include "beast_query.hpp"

namespace berth::bench {

namespace {

using nlohmann::json;

bool take(json& input, std::string_view name, std::string_view value) {
  if (name == "tags") {
    input["tags"].push_back(std::string(value));
  } else if (name == "count") {
    const auto count = integer_in(value, 1, 10);
    if (!count) return false;
    input["count"] = *count;
  } else if (name == "flag") {
    if (value != "true" && value != "false") return false;
    input["flag"] = value == "true";
  } else {
    return false;
  }
  return true;
}

}  // namespace

Answer get(std::string_view name, std::string_view query) {
  json input = {{"name", std::string(name)}};
  if (name.empty() || !for_each_pair(query, [&](auto key, auto value) { return take(input, key, value); })) {
    return refuse(422, "the input does not fit");
  }
  return {200, input.dump()};
}

}  // namespace berth::bench
