// The folder and the variables of the session's shell, which travel with a checkpoint: asked of the plugin `shell` and
// told to it, with the session's rights. Where there is none, nothing travels.
#pragma once

#include <berth/call.hpp>

#include <functional>
#include <string>

#include "cell.hpp"

namespace kernel::shell_state {

// In whose name it is asked.
using As = std::function<berth::Ask(berth::Ask)>;
inline As as(const berth::Call& call) {
  return [call](berth::Ask ask) { return ask.as(call).as_session(); };
}

// `{cwd, env}`, or null: there is no shell; of many variables (64 KiB) none travels. What is asked is on its way when
// this returns. All on the loop's thread.
void take(const CellTools& tools, const As& as, const std::function<void(berth::Json)>& then);
// `why`: what could not be put back; empty: nothing.
void put_back(const CellTools& tools, const As& as, const berth::Json& state,
              const std::function<void(const std::string& why)>& then);

}  // namespace kernel::shell_state
