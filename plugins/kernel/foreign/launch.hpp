// A kernel of somebody else's on its way up: launch.py in the session's jail, which becomes it, and the connections
// that come back. What it says is a stranger's word.
#pragma once

#include <berth/service/process.hpp>
#include <sys/types.h>

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "loop.hpp"
#include "tail.hpp"

namespace kernel::foreign {

using loop::Loop;
using loop::Watched;

struct LaunchOptions {
  std::string python;   // that runs launch.py
  std::string kernel;   // the kernelspec's name
  berth::Json folders;  // where kernelspecs are looked for first
};

class Launch : public std::enable_shared_from_this<Launch> {
 public:
  static constexpr std::size_t channels = 4;  // shell, control, stdin, iopub
  using Lines = std::array<berth::Fd, channels>;

  struct Ears {  // each once at the most
    std::function<void(Lines)> started;
    std::function<void(berth::Error)> refused;  // there will be no kernel
    std::function<void()> lost;                 // nobody is there to connect to it; perhaps since it has ended
    std::function<void(std::string words)> ended;
  };

  // All on the loop's thread.
  Launch(Loop& loop, LaunchOptions options, std::string session);
  ~Launch() { kill(); }
  void start(const berth::Processes& processes, const std::string& key, Ears ears);  // Throws Error
  void settle();                                                                     // it is up: traces of the start go
  void signal(int number);
  void kill();  // nothing is told any more
  const berth::Json& spec() const { return m_spec; }
  const Tail& printed() const { return m_printed; }
  pid_t pid() const { return m_pid; }  // as this process sees it

 private:
  berth::Plan plan(int orders) const;
  void read();
  void end();
  void hear(const berth::Json& message, pid_t sender, std::vector<berth::Fd> fds);
  void refuse(const berth::Json& message);

  Loop& m_loop;
  const LaunchOptions m_options;
  const std::string m_session;
  std::optional<berth::Process> m_process;
  std::unique_ptr<Watched> m_orders;
  Ears m_ears;
  berth::Json m_spec;
  Tail m_printed;
  pid_t m_pid = 0;
};

}  // namespace kernel::foreign
