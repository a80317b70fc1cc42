// The table of operations: every operation there is, by name and by method and path. Built whole and never changed; a
// reload builds another and swaps it in.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "loader/manifest.hpp"
#include "loader/provider.hpp"
#include "loader/schema/schema.hpp"
#include "routing/input_form.hpp"
#include "routing/plain_input.hpp"
#include "service/error.hpp"
#include "service/metrics.hpp"

namespace berth::routing {

// One operation with all that a call of it needs at hand.
class Route {
 public:
  Route(loader::Operation what, std::uint32_t place, std::shared_ptr<loader::Provider> by, loader::Schema fits,
        service::Metrics& numbers);

  const loader::Operation operation;
  const std::uint32_t index;  // into the provider's manifest
  const std::shared_ptr<loader::Provider> provider;
  const loader::Schema input;
  const InputForm form;
  const PlainInput plain_input;
  // Made when it is first asked for, since nobody checks what providers send. I/O thread only.
  const service::Result<loader::Schema>& output() const;

  void count(int status, double seconds) const;  // I/O thread only

 private:
  service::Metrics& m_numbers;
  service::Histogram& m_durations;
  mutable std::map<int, service::Counter*> m_by_status;
  mutable std::optional<service::Result<loader::Schema>> m_output;
};

// What a method and a path lead to.
struct Match {
  std::shared_ptr<const Route> route;                           // null: see `allow`
  std::vector<std::pair<std::string, std::string>> parameters;  // decoded
  std::vector<std::string> allow;                               // methods that this path does have
};

class Table {
 public:
  // An Error if two operations share a name, a method and path or a part of /status, or an input schema is broken. What
  // is the same as `before` is taken over from there.
  static service::Result<std::shared_ptr<const Table>> build(
      const std::vector<std::shared_ptr<loader::Provider>>& providers, service::Metrics& numbers,
      const Table* before = nullptr);
  ~Table();

  // `path` is canonical: absolute, no empty or dot segments, percent-escapes only where needed. I/O thread only.
  Match match(std::string_view method, std::string_view path) const;
  std::vector<std::string> methods_of(std::string_view path) const;
  std::shared_ptr<const Route> find(std::string_view operation) const;
  const std::vector<std::shared_ptr<const Route>>& routes() const;
  std::vector<std::string> near_paths(std::string_view path) const;

 private:
  struct Body;
  explicit Table(std::unique_ptr<Body> body);
  std::unique_ptr<Body> m_body;
};

}  // namespace berth::routing
