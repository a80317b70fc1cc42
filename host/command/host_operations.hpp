// The host's own operations — /status, /metrics, /docs and so on — offered like a plugin's, so that they have the same
// routes, scopes, documentation, audit and numbers.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "command/own_operations.hpp"
#include "service/metrics.hpp"

namespace berth::command {

class Host;

class HostOperations : public OwnOperations {
 public:
  explicit HostOperations(Host& host);

 private:
  using Answer = std::function<void(loader::Reply&)>;
  using CareHandler = std::function<void(const Pointer&, const nlohmann::json& input)>;
  struct About {
    const char *name, *path, *scope, *summary;
    loader::Kind kind = loader::Kind::call;
    Reach reach = Reach::session;
  };
  static loader::Operation operation_of(const About& about);
  void add(const About& about, Answer answer);
  void tell_status(const Pointer& reply);
  void add_probes();
  void add_pages();
  void add_metadata();
  void add_facts();
  void add_care();
  void care(const char* name, const char* verb, const char* summary, nlohmann::json fields, CareHandler handler);
  void answer_care(loader::Reply& reply, const std::string& name, const std::optional<service::Error>& error);

  Host& m_host;
  service::Gauge& m_lost;
};

}  // namespace berth::command
