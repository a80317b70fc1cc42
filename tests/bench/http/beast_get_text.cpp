// The route as text glued by hand: no value is ever made of the input or of the answer. The floor of what a server
// could do that knows this one route and no JSON.
#include <vector>

#include "beast_query.hpp"

namespace berth::bench {

namespace {

struct GetInput {
  std::string_view count, flag;
  std::vector<std::string_view> tags;

  bool take(std::string_view name, std::string_view value) {
    if (name == "tags") return tags.push_back(value), true;
    if (name == "count") return count = value, integer_in(value, 1, 10).has_value();
    if (name == "flag") return flag = value, value == "true" || value == "false";
    return false;
  }
};

void append_tags(std::string& json, const std::vector<std::string_view>& tags) {
  json += ",\"tags\":[";
  for (std::size_t i = 0; i < tags.size(); ++i) {
    if (i > 0) json += ',';
    json.append("\"").append(tags[i]).append("\"");
  }
  json += ']';
}

}  // namespace

Answer get(std::string_view name, std::string_view query) {
  GetInput input;
  if (name.empty() || !for_each_pair(query, [&](auto key, auto value) { return input.take(key, value); })) {
    return refuse(422, "the input does not fit");
  }
  std::string json;
  json.reserve(128);
  json += '{';
  if (!input.count.empty()) json.append("\"count\":").append(input.count).append(",");
  if (!input.flag.empty()) json.append("\"flag\":").append(input.flag).append(",");
  json.append("\"name\":\"").append(name).append("\"");
  if (!input.tags.empty()) append_tags(json, input.tags);
  json += '}';
  return {200, std::move(json)};
}

}  // namespace berth::bench
