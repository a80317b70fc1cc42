// What the tests of the audit share: an entry, and the ids of the lines that arrived.
#pragma once

#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "folder.hpp"
#include "service/audit.hpp"

namespace berth::test {

inline std::unique_ptr<service::Audit> open_audit(const std::string& path, std::uint64_t rotate_at = 1u << 30,
                                                  int keep = 4) {
  auto audit = service::Audit::open({path, rotate_at, keep});
  return audit ? std::move(*audit) : nullptr;
}

inline service::Audit::Entry entry(std::string_view request_id) {
  service::Audit::Entry one;
  one.at = service::Clock::WallMoment(std::chrono::milliseconds(1769860800123));
  one.request_id = request_id;
  one.trace_id = "4bf92f3577b34da6a3ce929d0e0e4736";
  one.operation = "probe.echo";
  one.caller = "root";
  one.scope = "run";
  one.session = "main";
  one.peer = "127.0.0.1:5000";
  one.verdict = "ok";
  one.status = 200;
  one.took = std::chrono::microseconds(1234);
  return one;
}

inline std::vector<std::string> ids_in(const std::string& text) {
  std::vector<std::string> ids;
  for (const std::string& line : lines_of(text)) {
    const auto one = nlohmann::json::parse(line, nullptr, false);
    ids.push_back(one.is_object() ? one["request_id"].get<std::string>() : "TORN: " + line);
  }
  return ids;
}

inline std::vector<std::string> numbers(int from, int to) {
  std::vector<std::string> all;
  for (int i = from; i < to; ++i) all.push_back(std::to_string(i));
  return all;
}

}  // namespace berth::test
