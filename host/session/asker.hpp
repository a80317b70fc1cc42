// Who asks, in which session, by which request: told once where a request comes in, then shared by all who handle it.
#pragma once

#include <string>
#include <string_view>

#include "session/tokens.hpp"

namespace berth::session {

constexpr std::string_view main_name = "main";  // of the session that is always there

struct Asker {
  Identity who;
  std::string session{main_name};
  std::string request_id;
  std::string traceparent;  // W3C trace context to pass on, or empty
  std::string peer;
  std::string behalf;      // of a plugin that calls for somebody: that caller's name
  unsigned depth = 0;      // calls that were made by calls
  bool of_policy = false;  // made by a policy, or for such a call: policies are not asked about it

  std::string_view trace_id() const { return std::string_view(traceparent).substr(traceparent.empty() ? 0 : 3, 32); }
};

// To whoever is bound to a session and asks in another.
inline service::Error wrong_session(const std::string& own) {
  return {403, "wrong_session", "this token is for the session \"" + own + "\" alone",
          "use the paths under /sessions/" + own};
}

}  // namespace berth::session
