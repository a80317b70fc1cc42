// The probe plugin's routes without a plugin, a schema or a router.
#include "beast_routes.hpp"

#include <charconv>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>
#include <vector>

namespace berth::bench {

namespace {

constexpr std::string_view get_prefix = "/probe/get/";
constexpr std::string_view later_path = "/probe/later";

Answer refuse(unsigned status, std::string_view why) {
  return {status, "{\"status\":" + std::to_string(status) + ",\"title\":\"" + std::string(why) + "\"}"};
}

std::optional<long> integer_in(std::string_view text, long least, long most) {
  long value = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failed != std::errc() || end != text.data() + text.size() || value < least || value > most) return std::nullopt;
  return value;
}

// Calls each(name, value) for the pairs of a query until one is refused; the bench sends no escapes.
template <class Each>
bool for_each_pair(std::string_view query, Each each) {
  while (!query.empty()) {
    const auto pair = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(pair.size() + 1, query.size()));
    const auto equals = pair.find('=');
    if (equals == std::string_view::npos || !each(pair.substr(0, equals), pair.substr(equals + 1))) return false;
  }
  return true;
}

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

Answer later(std::string_view query) {
  std::optional<long> ms;
  const bool good = for_each_pair(query, [&](auto name, auto value) {
    if (name == "ms") ms = integer_in(value, 0, 60'000);
    return ms.has_value();
  });
  if (!good || !ms) return refuse(422, "ms is missing or is not a number from 0 to 60000");
  return {200, "{\"ms\":" + std::to_string(*ms) + "}", std::chrono::milliseconds(*ms)};
}

Answer echo(const std::string& body) {
  const auto json = nlohmann::json::parse(body, nullptr, false);
  if (!json.is_object() || !json.contains("text") || !json["text"].is_string()) {
    return refuse(422, "text is missing");
  }
  nlohmann::json answer = {{"text", json["text"]}};
  if (json.contains("number")) answer["number"] = json["number"];
  return {200, answer.dump()};
}

}  // namespace

Answer answer_to(bool is_post, std::string_view target, const std::string& body) {
  const auto path = target.substr(0, target.find('?'));
  const auto query = target.substr(std::min(path.size() + 1, target.size()));
  if (is_post) return path == "/probe/echo" ? echo(body) : refuse(404, "not found");
  if (path.substr(0, get_prefix.size()) == get_prefix) return get(path.substr(get_prefix.size()), query);
  if (path == later_path) return later(query);
  if (path == "/livez") return {200, "{\"live\":true}"};
  return refuse(404, "not found");
}

}  // namespace berth::bench
