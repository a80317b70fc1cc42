// The host's own operations — /status, /metrics, /docs and so on — offered like a plugin's, so that they have the same
// routes, scopes, documentation, audit and numbers.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "command/own_operations.hpp"
#include "service/metrics.hpp"

namespace berth::command {

class Host;

class HostOperations : public OwnOperations {
 public:
  explicit HostOperations(Host& host);

  void invoke(std::shared_ptr<loader::Reply> reply) override;

 private:
  using Handler = std::function<void(loader::Reply&)>;
  using CareHandler = std::function<void(const std::shared_ptr<loader::Reply>&, const nlohmann::json& input)>;
  void add(const char* name, const char* path, const char* scope, const char* summary, loader::Kind kind,
           Handler handler);
  void add_probes();
  void add_pages();
  void add_facts();
  void add_care();
  void care(const char* name, const char* verb, const char* summary, nlohmann::json fields, CareHandler handler);
  void answer_care(loader::Reply& reply, const std::string& name, const std::optional<service::Error>& error);

  Host& m_host;
  service::Gauge& m_lost;
  std::vector<std::function<void(const std::shared_ptr<loader::Reply>&)>> m_handlers;
};

}  // namespace berth::command
