// One of the connections to a kernel, on the loop: what comes is told message by message, nothing waits, and nothing
// grows without bounds.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "foreign/zmtp.hpp"
#include "loop.hpp"

namespace kernel::foreign {

using loop::Loop;
using loop::Watched;

class Line {
 public:
  static constexpr std::size_t most_unsent = 64u << 20;  // bytes, before one more message

  struct Ears {  // each may end the line
    std::function<void(Zmtp::Came)> heard;
    std::function<void(const std::string& why)> ended;  // once
  };

  // All on the loop's thread. `socket` is a connected one, and whoever made it is a stranger. Throws Error(503) if it
  // is none of the kind.
  Line(Loop& loop, berth::Fd socket, const std::string& type, const std::string& identity, Ears ears);
  void send(const wire::Frames& frames);
  // Hears what has come until now, and nothing more.
  void drain();
  bool up() const { return m_zmtp.up(); }

 private:
  void pump();
  bool read(std::size_t most);
  void again();
  void flush();
  void end(const std::string& why);

  Loop& m_loop;
  const Ears m_ears;
  Zmtp m_zmtp;
  const std::shared_ptr<int> m_alive = std::make_shared<int>();
  std::unique_ptr<Watched> m_socket;
  bool m_over = false, m_writing = false;
};

}  // namespace kernel::foreign
