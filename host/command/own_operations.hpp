// What the providers of the host's own operations have in common: they are well, and nobody sends them messages.
#pragma once

#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "loader/provider.hpp"

namespace berth::command {

inline nlohmann::json text_field(const char* what) {
  return {{"type", "string"}, {"maxLength", 200u}, {"description", what}};
}

// Of the host itself, as most of them are: concurrent, without other fields than these; the names in the path are
// required.
loader::Operation own_operation(std::string name, std::string method, std::string path, std::string summary,
                                nlohmann::json fields);

class OwnOperations : public loader::Provider {
 public:
  const loader::Manifest& manifest() const override { return m_manifest; }
  void message(std::shared_ptr<loader::Reply>, loader::Chunk, std::function<void()> done) override { done(); }
  void drained(std::shared_ptr<loader::Reply>) override {}
  void cancel(std::shared_ptr<loader::Reply>) override {}
  std::optional<std::string> ailment() override { return std::nullopt; }

 protected:
  loader::Manifest m_manifest;
};

}  // namespace berth::command
