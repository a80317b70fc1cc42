// A terminal with a shell in it, and whoever looks at it: over WebSockets that come and go.
#pragma once

#include <berth/call.hpp>
#include <berth/service/process.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "broadcast.hpp"
#include "state.hpp"

namespace shell {

class Terminal : public std::enable_shared_from_this<Terminal> {
 public:
  static constexpr std::size_t most_history = 256u << 10;  // bytes; up to twice as many are kept
  static constexpr std::size_t most_viewers = 32;
  struct Size {
    std::uint16_t rows = 24, columns = 80;
  };
  struct Plan {
    std::string session, id;
    Size size;
  };
  // Serialised with the plugin's calls, all of it. `over` is called once, when its shell has ended. Throws
  // berth::Error.
  static std::shared_ptr<Terminal> begin(const berth::Processes& processes, const State& state, const Plan& plan,
                                         std::function<void(Terminal&)> over);

  const std::string& id() const { return m_id; }
  // A call of kind socket. Throws berth::Error(429).
  void attach(const berth::Call& call, bool types);
  // False: the program does not read, and too much waits for it already.
  bool type(std::string_view bytes);
  Size size() const { return m_size; }
  void resize(Size size);
  void kill();
  berth::Json facts();
  std::string text() const { return m_broadcast.text(); }
  const berth::End& last() const { return m_end; }  // how its shell ended

 private:
  using Viewer = Broadcast::Viewer;
  explicit Terminal(const Plan& plan) : m_id(plan.id), m_size(plan.size), m_broadcast(most_history) {}
  void watch_over(const berth::Call& call, const std::shared_ptr<Viewer>& viewer, bool types);
  void end(const berth::End& end);
  void part(Viewer& viewer, const berth::Call& call) const;
  void drained(Viewer& viewer);

  const std::string m_id;
  Size m_size;
  Broadcast m_broadcast;
  std::optional<berth::Process> m_process;  // from begin() on
  std::vector<std::pair<std::weak_ptr<Viewer>, berth::Call>> m_calls;
  std::function<void(Terminal&)> m_over;
  berth::End m_end;
};

}  // namespace shell
