// Layers in words.
#include "jail/isolation.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace berth::jail {

const std::vector<std::string>& Isolation::names() {
  static const std::vector<std::string> all{"user", "mount",  "pid",      "proc",   "net",     "ipc",
                                            "uts",  "cgroup", "landlock", "scopes", "seccomp", "no_new_privs",
                                            "uid",  "memory", "pids",     "cpu"};
  return all;
}

std::string_view Isolation::word(Layer::State state) {
  switch (state) {
    case Layer::State::enforced: return "enforced";
    case Layer::State::fallback: return "fallback";
    case Layer::State::absent: break;
  }
  return "absent";
}

const Layer* Isolation::find(std::string_view name) const {
  const auto at = std::find_if(layers.begin(), layers.end(), [&](const auto& layer) { return layer.name == name; });
  return at == layers.end() ? nullptr : &*at;
}

bool Isolation::has(std::string_view name) const {
  const Layer* layer = find(name);
  return layer && layer->state == Layer::State::enforced;
}

std::string Isolation::level() const {
  if (std::all_of(layers.begin(), layers.end(), [](const auto& one) { return one.state == Layer::State::enforced; }))
    return "full";
  return namespaces != 0 ? "partial" : "basic";
}

nlohmann::json Isolation::json() const {
  nlohmann::json all = nlohmann::json::array();
  for (const auto& layer : layers)
    all.push_back({{"name", layer.name}, {"state", word(layer.state)}, {"detail", layer.detail}});
  return {{"level", level()}, {"layers", std::move(all)}};
}

std::optional<service::Error> Isolation::lacking(const std::vector<std::string>& required) const {
  std::string missing;
  for (const auto& name : required) {
    const Layer* layer = find(name);
    if (layer && layer->state == Layer::State::enforced) continue;
    missing += (missing.empty() ? "" : "; ") + name + " is " +
               (layer ? std::string(word(layer->state)) + " (" + layer->detail + ")" : "unknown");
  }
  if (missing.empty()) return std::nullopt;
  return service::Error{503, "isolation_missing", "jail.require demands more than this machine allows: " + missing,
                        "berth doctor shows all layers; take from jail { require = … } what you can do without"};
}

}  // namespace berth::jail
