// /sessions: seats for agents, made and shown and taken away.
#pragma once

#include <memory>
#include <string>

#include "command/own_operations.hpp"
#include "command/session_life.hpp"

namespace berth::command {

class SessionOperations : public OwnOperations {
 public:
  explicit SessionOperations(SessionLife& life);

 private:
  using Member = void (SessionOperations::*)(const Pointer&);
  void add(loader::Operation operation, session::Scope scope, Reach reach, Member member);
  void create(const Pointer& reply);
  void list(const Pointer& reply);
  void show(const Pointer& reply);
  void remove(const Pointer& reply);
  void turn(const Pointer& reply);

  SessionLife& m_life;
};

}  // namespace berth::command
