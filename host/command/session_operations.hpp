// /sessions: seats for agents, made and shown and taken away.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "command/own_operations.hpp"
#include "command/session_life.hpp"

namespace berth::command {

class SessionOperations : public OwnOperations {
 public:
  explicit SessionOperations(SessionLife& life);

  void invoke(std::shared_ptr<loader::Reply> reply) override;

 private:
  using Pointer = std::shared_ptr<loader::Reply>;
  using Handler = void (SessionOperations::*)(const Pointer&);
  void add(loader::Operation operation, session::Scope scope, Handler handler);
  void create(const Pointer& reply);
  void list(const Pointer& reply);
  void show(const Pointer& reply);
  void remove(const Pointer& reply);
  void turn(const Pointer& reply);

  SessionLife& m_life;
  std::vector<Handler> m_handlers;
};

}  // namespace berth::command
