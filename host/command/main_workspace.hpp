// The files of the one session that there is, in STATE/sessions/main/workspace.
#pragma once

#include <string>

#include "session/workspace.hpp"

namespace berth::command {

class MainWorkspace : public session::Workspaces {
 public:
  explicit MainWorkspace(const std::string& state) : m_state(state) {}
  service::Result<session::Workspace> workspace_of(const std::string& session) override;

 private:
  const std::string m_state;
};

}  // namespace berth::command
