// How a connection waits: whatever comes after it is over, or after its turn, is not heard.
#pragma once

#include "service/proxy/connection.hpp"

namespace berth::service::proxy {

template <class Function>
auto Connection::guarded(Function function) {
  return [weak = weak_from_this(), function](const boost::system::error_code&) {
    if (const auto self = weak.lock(); self && !self->m_over) function(*self);
  };
}

// One wait at a time: a new one takes the place of the last.
template <class Function>
void Connection::arm(std::chrono::milliseconds after, Function then) {
  m_timer.expires_after(after);
  m_timer.async_wait(guarded([turn = ++m_turn, then](Connection& self) {
    if (self.m_turn == turn) then(self);
  }));
}

}  // namespace berth::service::proxy
