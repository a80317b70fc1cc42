// What travels between the host and a plugin in its own process: frames, each with a kind, the call it belongs to, a
// few packed fields, a large piece of data behind them, and perhaps a file descriptor.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "service/packing.hpp"
#include "service/unique_fd.hpp"

namespace berth::loader {

enum class FrameKind : std::uint8_t {
  // host → plugin
  start = 1,  // which library, its manifest, its configuration (data)
  invoke,     // a call: its fields, the input (data), an upload's body (descriptor)
  message,    // of a socket's client (data)
  consumed,   // so many bytes of the call's chunks have gone on: there is room again
  cancel,     // nobody waits for the call any more
  ping,       // are you alive, and well?
  end,        // finish what runs, destroy the plugin, exit
  tell,       // a note of a service

  // plugin → host
  ready = 32,  // the plugin is created
  refused,     // it is not: an error
  send,        // the answers of a call, as in abi.h
  fail,
  file,
  begin,
  chunk,
  finish,
  handled,  // a message was
  pong,     // what ails it, if anything does
  log,      // a line
  note,     // a note of a service
  confined  // how it has confined itself, before it loads the plugin
};

struct Frame {
  FrameKind kind = FrameKind::ping;
  std::uint64_t call = 0;
  std::string fields;  // packed
  std::string data;
  service::UniqueFd fd;
  std::string_view lent = {};  // to be sent in place of `data`, and copied only if the socket does not take it at once
};

// How a frame begins on the wire. Both ends are the same program on the same machine.
struct FrameHead {
  std::uint32_t fields = 0;  // bytes
  std::uint32_t data = 0;
  std::uint8_t kind = 0;
  std::uint8_t has_fd = 0;
  std::uint16_t zero = 0;
  std::uint32_t also_zero = 0;
  std::uint64_t call = 0;
};
static_assert(sizeof(FrameHead) == 24);

constexpr std::size_t most_fields = 1u << 20;
constexpr std::size_t most_data = 256u << 20;
constexpr std::size_t most_words = 64u << 10;  // of kinds whose data is a line or a reason
std::size_t most_data_of(FrameKind kind);
constexpr std::size_t first_room = 1u << 20;  // for data that is announced; more only as it comes

FrameHead head_of(const Frame& frame);
// Empties the frame and gives it the kind, the call and the first of the room that a head says; false: no head of ours.
bool take_head(const FrameHead& head, Frame& frame);

using service::Packer;
using service::Unpacker;

}  // namespace berth::loader
