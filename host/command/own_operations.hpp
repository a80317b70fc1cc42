// What the providers of the host's own operations have in common: they are well, nobody sends them messages, and what
// is the whole host's is not for a token of one session, whatever its scope.
#pragma once

#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

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
  void invoke(std::shared_ptr<loader::Reply> reply) final;
  void message(std::shared_ptr<loader::Reply>, loader::Chunk, std::function<void()> done) override { done(); }
  void drained(std::shared_ptr<loader::Reply>) override {}
  void cancel(std::shared_ptr<loader::Reply>) override {}
  std::optional<std::string> ailment() override { return std::nullopt; }

 protected:
  using Pointer = std::shared_ptr<loader::Reply>;
  using Handler = std::function<void(const Pointer&)>;
  // Whoever offers one says what it shows or changes: the whole host, or no more than what a token of one session may
  // know, which the handler sees to.
  enum class Reach { host, session };
  OwnOperations();
  void offer(loader::Operation operation, Reach reach, Handler handler);

 private:
  struct Offered {
    Reach reach;
    Handler handler;
  };
  loader::Manifest m_manifest;
  std::vector<Offered> m_offered;  // in the order of the manifest
};

}  // namespace berth::command
