// A client that follows the output of a background process. It is held by what it has had, not by what it has not: so
// one that stalls costs nothing, and what is no longer kept when it reads on is told as left out.
#pragma once

#include <berth/call.hpp>
#include <berth/output.hpp>

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "gathered.hpp"

namespace shell {

class Follower {
 public:
  static constexpr std::size_t most_piece = 64u << 10;  // bytes of an event
  struct Place {                                        // bytes of each stream that are behind it
    std::uint64_t out = 0, err = 0;
  };
  static std::optional<Place> read(std::string_view event_id);  // null: it is none of ours

  // Serialised with the plugin's calls, but for leave().
  Follower(const berth::Call& call, Place from) : m_call(call), m_place(from) {}
  void begin(const berth::Json& facts) { push(facts, "status"); }
  // What it has not had, as far as it reads. `last`: the process has ended so, and with it all of this.
  void show(const Gathered& output, const berth::Json* last);
  void drained() { m_full = false; }
  void leave();  // any thread
  bool gone() const { return m_gone; }

 private:
  bool show(bool out, const berth::Kept& kept, bool ended);
  void push(const berth::Json& data, const char* event);

  const berth::Call m_call;
  Place m_place;
  bool m_full = false;
  std::atomic<bool> m_gone{false};
};

}  // namespace shell
