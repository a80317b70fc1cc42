// What waits for somebody's word, what the policies decided lately, and what they have charged: the host's own
// operations.
#pragma once

#include "command/own_operations.hpp"
#include "policy/engine.hpp"

namespace berth::command {

class PolicyOperations : public OwnOperations {
 public:
  explicit PolicyOperations(policy::Engine& engine);

 private:
  void list(const Pointer& reply);
  void show(const Pointer& reply);
  void answer(const Pointer& reply);
  void trace(const Pointer& reply);
  void charges(const Pointer& reply);
  void charge(const Pointer& reply);

  policy::Engine& m_engine;
};

}  // namespace berth::command
