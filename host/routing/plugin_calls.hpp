// Calls that plugins make: in at the same door as everybody's, by the operation's name.
#pragma once

#include <memory>

#include "loader/desk/caller.hpp"
#include "routing/dispatch.hpp"

namespace berth::routing {

class PluginCalls : public loader::Caller {
 public:
  explicit PluginCalls(Dispatcher& dispatcher) : m_dispatcher(dispatcher) {}
  std::shared_ptr<loader::Caller::Call> start(loader::Caller::Ask ask, std::shared_ptr<Ears> ears) override;

 private:
  Dispatcher& m_dispatcher;
};

}  // namespace berth::routing
