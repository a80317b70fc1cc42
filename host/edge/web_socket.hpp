// A WebSocket over a stream that a connection gave away; Beast speaks the protocol, in one
// translation unit.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "edge/request_head.hpp"
#include "edge/wire.hpp"
#include "loader/provider.hpp"

namespace berth::edge {

class WebSocket {
 public:
  class Owner {  // hears of it on the I/O thread
   public:
    virtual ~Owner() = default;
    virtual void opened() = 0;
    virtual void received(loader::Chunk chunk) = 0;  // the next is read after read_on()
    virtual void sent(std::size_t bytes) = 0;
    virtual void closed() = 0;  // once, however it ended
  };
  struct Options {
    std::uint64_t most_message;
    std::chrono::milliseconds quiet;  // then a ping; twice that without a sign of life ends it
    std::chrono::milliseconds stall;  // a reader that does not take a message for this long is dropped
    std::string subprotocol, request_id, traceparent;
  };

  static std::shared_ptr<WebSocket> make(Wire wire, Options options, Owner& owner);
  virtual ~WebSocket() = default;

  virtual void accept(const RequestHead& request) = 0;
  virtual void read_on() = 0;
  virtual void send(loader::Chunk chunk) = 0;
  virtual void close(std::uint16_t code, const std::string& reason) = 0;  // after what is queued
  virtual void drop() = 0;                                                // at once; the owner hears nothing more
};

}  // namespace berth::edge
