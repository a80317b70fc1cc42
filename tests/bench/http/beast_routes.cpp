// The probe plugin's routes without a plugin, a schema or a router.
#include "beast_routes.hpp"

#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "beast_query.hpp"

namespace berth::bench {

namespace {

constexpr std::string_view get_prefix = "/probe/get/";
constexpr std::string_view later_path = "/probe/later";

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
