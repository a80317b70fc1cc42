// The session's files for a plugin in a process of its own that may open nothing: each is asked for by the operations
// of the workspace, in the name of the client whose call it is. So its paths, rights, rules, quota and records are
// those of that client, an opened file comes as a descriptor, and what is written comes to its place in one step.
#pragma once

#include <berth/plugin.hpp>
#include <berth/service/calls.hpp>
#include <cstddef>
#include <string>
#include <string_view>

#include "serve/asked.hpp"

namespace ooxml::serve {

// The files of one call's session. All wait for the host: in operations that are concurrent() and blocking(), before
// the call is answered.
class Desk : public Files {
 public:
  Desk(berth::Calls& calls, berth::Call call) : m_calls(calls), m_call(std::move(call)) {}

  berth::Fd open(const std::string& path) override;
  std::string etag_of(const std::string& path) override;
  // Of any size that the session's quota allows: a big one is put together beside its place first.
  berth::Json put(const Place& place, std::string_view bytes) override;

 private:
  berth::Json ask(const std::string& operation, const berth::Json& input);
  berth::Json put_in_pieces(const Place& place, std::string_view bytes);

  berth::Calls& m_calls;
  const berth::Call m_call;
};

// What one call of workspace.write brings.
constexpr std::size_t most_piece = 8u << 20;

}  // namespace ooxml::serve
