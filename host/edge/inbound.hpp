// What is known of one request once its head was read and judged: who asks, for which operation, and how to answer.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "edge/request_head.hpp"
#include "routing/table.hpp"
#include "service/clock.hpp"
#include "session/asker.hpp"

namespace berth::edge {

struct Inbound {
  unsigned version = 11;
  std::string method, path, query;
  std::string prefix;  // of the path that the client asked for: a session's name, which `path` has no more
  std::shared_ptr<session::Asker> asker;
  std::string origin;          // of this host, as the client calls it: "https://NAME:PORT"; empty: it says none
  std::string allowed_origin;  // to be named in the answer; empty: none
  bool keep_alive = false;
  bool gzip = false;
  std::shared_ptr<const routing::Route> route;
  std::vector<std::pair<std::string, std::string>> parameters;
  std::vector<std::string> allow;
  service::Clock::Moment began{};

  std::string asked_path() const { return prefix + path; }
  bool head_only() const { return method == "HEAD"; }
};

}  // namespace berth::edge
