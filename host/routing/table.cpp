// Builds the table out of what the providers declare, and answers what a request means.
#include "routing/table.hpp"

#include <algorithm>
#include <unordered_map>

#include "loader/operation_reader.hpp"
#include "routing/pistache_router.hpp"
#include "service/text.hpp"

namespace berth::routing {

using service::Error;
using service::Result;

namespace {

// "/probe/get/x" for the pattern "/probe/get/{name}" and the path "/prob/get/x": what the client may have meant.
std::string filled(std::string_view pattern, std::string_view path) {
  std::string out;
  while (!pattern.empty()) {
    pattern.remove_prefix(1);
    if (!path.empty()) path.remove_prefix(1);
    const auto segment = pattern.substr(0, pattern.find('/'));
    const auto given = path.substr(0, path.find('/'));
    pattern.remove_prefix(segment.size());
    out += '/';
    out += segment.starts_with('{') && !given.empty() ? given : segment;
    path.remove_prefix(given.size());
  }
  return out;
}

}  // namespace

Route::Route(loader::Operation what, std::uint32_t place, std::shared_ptr<loader::Provider> by, loader::Schema fits,
             service::Metrics& numbers)
    : operation(std::move(what)),
      index(place),
      provider(std::move(by)),
      input(std::move(fits)),
      form(operation.input),
      plain_input(input),
      m_numbers(numbers),
      m_durations(numbers.histogram("berth_call_duration_seconds", "Time from a call's start to its end.",
                                    {{"operation", operation.name}})) {}

const service::Result<loader::Schema>& Route::output() const {
  if (!m_output) m_output = loader::Schema::compile(operation.output);
  return *m_output;
}

void Route::count(int status, double seconds) const {
  auto& counter = m_by_status[status];
  if (!counter) {
    counter = &m_numbers.counter("berth_calls_total", "Calls that have ended, by operation and status.",
                                 {{"operation", operation.name}, {"status", std::to_string(status)}});
  }
  counter->add();
  m_durations.observe(seconds);
}

struct Table::Body {
  std::vector<std::shared_ptr<const Route>> routes;
  std::unordered_map<std::string, std::shared_ptr<const Route>> by_name;
  std::unordered_map<std::string, std::string> by_shape;
  std::unordered_map<std::string, std::string> by_part;  // of /status
  mutable PistacheRouter router;

  std::optional<Error> clash_in_status(const loader::Operation& operation) {
    for (const auto& part : operation.in_status) {
      const auto [other, fresh] = by_part.emplace(part, operation.name);
      if (fresh) continue;
      return Error{500, "bad_plugin",
                   operation.name + " and " + other->second + " both have a part of /status that is named " + part};
    }
    return std::nullopt;
  }

  // A route of the table before this one serves on if it leads to the same place.
  std::optional<Error> add(const loader::Operation& operation, std::uint32_t index,
                           const std::shared_ptr<loader::Provider>& provider, service::Metrics& numbers,
                           const Table* before) {
    if (by_name.contains(operation.name)) {
      return Error{500, "bad_plugin", "two operations are named " + operation.name};
    }
    for (const auto& shape : loader::shapes_of(operation)) {
      const auto [other, fresh] = by_shape.emplace(shape, operation.name);
      if (fresh) continue;
      const std::string method = shape.substr(0, shape.find(' ') + 1);
      return Error{500, "bad_plugin",
                   operation.name + " and " + other->second + " both answer " + method + operation.path};
    }
    if (auto clash = clash_in_status(operation)) return clash;
    auto route = before ? before->find(operation.name) : nullptr;
    if (!route || route->provider != provider) {
      auto schema = loader::Schema::compile(operation.input);
      if (!schema) return schema.error();
      route = std::make_shared<const Route>(operation, index, provider, std::move(*schema), numbers);
    }
    router.add(operation.method, operation.path, routes.size());
    for (const auto& method : operation.methods) router.add(method, operation.path, routes.size());
    by_name.emplace(operation.name, route);
    routes.push_back(std::move(route));
    return std::nullopt;
  }
};

Table::Table(std::unique_ptr<Body> body) : m_body(std::move(body)) {}
Table::~Table() = default;

Result<std::shared_ptr<const Table>> Table::build(const std::vector<std::shared_ptr<loader::Provider>>& providers,
                                                  service::Metrics& numbers, const Table* before) {
  auto body = std::make_unique<Body>();
  for (const auto& provider : providers) {
    std::uint32_t index = 0;
    for (const auto& operation : provider->manifest().operations) {
      if (auto clash = body->add(operation, index++, provider, numbers, before)) return *clash;
    }
  }
  return std::shared_ptr<const Table>(new Table(std::move(body)));
}

Match Table::match(std::string_view method, std::string_view path) const {
  Match match;
  auto hit = m_body->router.find(method == "HEAD" ? "GET" : method, path);
  if (!hit) {
    match.allow = methods_of(path);
    return match;
  }
  match.route = m_body->routes[hit->route];
  match.parameters = std::move(hit->parameters);
  for (auto& [name, value] : match.parameters) {
    if (value.find('%') != std::string::npos) value = service::percent_decode(value).value_or(value);
  }
  return match;
}

std::vector<std::string> Table::methods_of(std::string_view path) const {
  std::vector<std::string> methods;
  for (const char* method : {"GET", "POST", "PUT", "PATCH", "DELETE"}) {
    if (!m_body->router.find(method, path)) continue;
    methods.emplace_back(method);
    if (methods.back() == "GET") methods.emplace_back("HEAD");
  }
  return methods;
}

std::shared_ptr<const Route> Table::find(std::string_view operation) const {
  const auto at = m_body->by_name.find(std::string(operation));
  return at == m_body->by_name.end() ? nullptr : at->second;
}

const std::vector<std::shared_ptr<const Route>>& Table::routes() const { return m_body->routes; }

std::vector<std::string> Table::near_paths(std::string_view path) const {
  std::map<std::string, std::string> paths;
  for (const auto& route : m_body->routes) paths.emplace(filled(route->operation.path, path), route->operation.path);
  std::vector<std::string> names;
  names.reserve(paths.size());
  for (const auto& [name, pattern] : paths) names.push_back(name);
  std::vector<std::string> near = service::near_names(path, names);
  for (auto& name : near) name = paths[name];
  return near;
}

}  // namespace berth::routing
