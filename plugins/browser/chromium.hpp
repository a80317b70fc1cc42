// One Chromium, from its start to its end: a process of the plugin's own jail, and the pipes to it. On the loop's
// thread.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "cdp.hpp"
#include "ground.hpp"

namespace browser {

class Chromium {
 public:
  struct Ears {
    std::function<void(const std::string& session, const std::string& method, const Json& params)> event;
    std::function<bool(const Envelope&)> first = {};  // as Cdp::Ears has it
    // Once, also if it could not be started: what ended it, and the last that it wrote.
    std::function<void(const std::string& why)> gone;
  };
  Chromium(const Ground& ground, bool sandbox, Ears ears);  // throws Error if there is no pipe or no place for it
  ~Chromium();                                              // it is killed, and not heard any more

  const std::shared_ptr<Cdp>& cdp() const { return m_cdp; }

 private:
  struct Heard;
  void spawn(bool sandbox, berth::Fd to, berth::Fd from);
  void end(const std::string& why);

  const Ground& m_ground;
  const Ears m_ears;
  std::shared_ptr<Cdp> m_cdp;
  std::shared_ptr<Heard> m_heard;
  std::optional<berth::Process> m_process;
  loop::Timer m_patience;  // between the end of its pipe and its own
  bool m_over = false;
};

std::vector<std::string> arguments_of(const Settings& settings, bool sandbox);

}  // namespace browser
