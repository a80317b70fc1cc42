// Pistache's Rest::Router behind a plain interface.
#include "routing/pistache_router.hpp"

#include <pistache/http.h>
#include <pistache/peer.h>
#include <pistache/router.h>
#include <pistache/transport.h>

#include <array>
#include <functional>
#include <stdexcept>

namespace berth::routing {

namespace {

constexpr std::size_t longest_remembered = 200;  // bytes of a path
constexpr std::size_t deepest_rest = 32;  // segments that "{path...}" may stand for; Pistache's own '*' stands for one

Pistache::Http::Method method_of(std::string_view method) {
  using Pistache::Http::Method;
  if (method == "GET") return Method::Get;
  if (method == "POST") return Method::Post;
  if (method == "PUT") return Method::Put;
  if (method == "PATCH") return Method::Patch;
  if (method == "DELETE") return Method::Delete;
  throw std::logic_error("no operation has the method " + std::string(method));
}

struct Pattern {
  std::string resource;            // Pistache's way to write it: "/clock/:zone"
  std::vector<std::string> names;  // in order
  std::string rest;                // the name of a last "{name...}"
};

Pattern translate(std::string_view pattern) {
  Pattern out;
  while (!pattern.empty()) {
    pattern.remove_prefix(1);
    const auto slash = pattern.find('/');
    std::string_view segment = pattern.substr(0, slash);
    pattern.remove_prefix(segment.size());
    if (!segment.starts_with('{')) {
      out.resource.append("/").append(segment);
      continue;
    }
    segment = segment.substr(1, segment.size() - 2);
    if (segment.ends_with("...")) {
      out.rest = segment.substr(0, segment.size() - 3);
      continue;
    }
    out.resource.append("/:").append(segment);
    out.names.emplace_back(segment);
  }
  return out;
}

}  // namespace

struct PistacheRouter::Body {
  Pistache::Rest::Router router;
  std::shared_ptr<Pistache::Http::Handler> handler;  // a ResponseWriter wants one; nothing is ever written through it
  Pistache::Http::RequestParser parser{16u << 10};
  std::optional<Hit> hit;

  struct Known {
    std::string method, path;
    Hit hit{};
  };
  std::array<Known, 256> memory;  // by the path's hash; whoever comes later takes the place

  void route(Pistache::Http::Method method, const std::string& resource, const Pattern& pattern, std::size_t index,
             std::size_t depth) {
    using Pistache::Rest::Route;
    router.addRoute(method, resource, [this, pattern, index, depth](const auto& request, auto) {
      Hit found{index, {}};
      for (const auto& name : pattern.names) found.parameters.emplace_back(name, value(request, ":" + name));
      if (depth > 0) {
        std::string rest;
        for (std::size_t i = 0; i < depth; ++i) {
          if (i > 0) rest += '/';
          rest += value(request, ":rest" + std::to_string(i));
        }
        found.parameters.emplace_back(pattern.rest, std::move(rest));
      }
      hit = std::move(found);
      return Route::Result::Ok;
    });
  }

  static std::string value(const Pistache::Rest::Request& request, const std::string& name) {
    return request.param(name).as<std::string>();
  }
};

PistacheRouter::PistacheRouter() : m_body(std::make_unique<Body>()) {
  m_body->handler = m_body->router.handler();
  // Before Pistache answers "not found" or "not allowed" on its own: both are ours to say.
  m_body->router.addCustomHandler([](const auto&, auto) { return Pistache::Rest::Route::Result::Ok; });
}

PistacheRouter::~PistacheRouter() = default;

void PistacheRouter::add(std::string_view method, std::string_view text, std::size_t route) {
  const auto verb = method_of(method);
  const Pattern pattern = translate(text);
  if (pattern.rest.empty()) {
    m_body->route(verb, pattern.resource.empty() ? "/" : pattern.resource, pattern, route, 0);
    return;
  }
  std::string resource = pattern.resource;
  for (std::size_t depth = 1; depth <= deepest_rest; ++depth) {
    resource += "/:rest" + std::to_string(depth - 1);
    m_body->route(verb, resource, pattern, route, depth);
  }
}

std::optional<PistacheRouter::Hit> PistacheRouter::find(std::string_view method, std::string_view path) {
  auto& known = m_body->memory[std::hash<std::string_view>{}(path) % m_body->memory.size()];
  if (known.path == path && known.method == method) return known.hit;
  auto hit = ask(method, path);
  if (hit && path.size() <= longest_remembered) known = {std::string(method), std::string(path), *hit};
  return hit;
}

std::optional<PistacheRouter::Hit> PistacheRouter::ask(std::string_view method, std::string_view path) {
  Body& body = *m_body;
  std::string request;
  request.reserve(method.size() + path.size() + 16);
  request.append(method).append(" ").append(path).append(" HTTP/1.1\r\n\r\n");
  body.parser.reset();
  body.hit.reset();
  try {
    if (!body.parser.feed(request.data(), request.size())) return std::nullopt;
    if (body.parser.parse() != Pistache::Http::Private::State::Done) return std::nullopt;
    body.router.route(body.parser.request,
                      Pistache::Http::ResponseWriter(Pistache::Http::Version::Http11, nullptr, body.handler.get(), {}));
  } catch (const std::exception&) {
    return std::nullopt;  // Pistache's way to say that it cannot read a path: then no operation has it
  }
  return std::move(body.hit);
}

}  // namespace berth::routing
