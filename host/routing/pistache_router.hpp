// The one place where Pistache is used: its REST router decides which operation a method and a path mean. It is called
// directly, in this process, with canonical requests of our own making; no byte from a client and no socket ever
// reaches it (README.md says why and what that costs).
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace berth::routing {

class PistacheRouter {
 public:
  struct Hit {
    std::size_t route;
    std::vector<std::pair<std::string, std::string>> parameters;  // still percent-encoded
  };

  PistacheRouter();
  ~PistacheRouter();

  // `pattern` as in a manifest: "/clock/{zone}", "/files/{path...}".
  void add(std::string_view method, std::string_view pattern, std::size_t route);
  // Not thread-safe, not even against itself: one thread at a time. What was found for the paths that came last is
  // remembered: most clients ask for the same few again and again.
  std::optional<Hit> find(std::string_view method, std::string_view path);

 private:
  std::optional<Hit> ask(std::string_view method, std::string_view path);
  struct Body;
  std::unique_ptr<Body> m_body;
};

}  // namespace berth::routing
