// Made when it is first asked for; every time is the first, as far as this knows.
#include "command/main_workspace.hpp"

#include <unistd.h>

#include <filesystem>

namespace berth::command {

using service::Error;

service::Result<session::Workspace> MainWorkspace::workspace_of(const std::string& session) {
  if (session != "main")
    return Error{404, "no_session", "there is no session " + session.substr(0, 100), "main is there"};
  session::Workspace workspace;
  workspace.folder = m_state + "/sessions/main/workspace";
  workspace.user = ::geteuid();
  for (const char* part : {"upload", "output", "deploy", ".store"}) {
    std::error_code failed;
    std::filesystem::create_directories(workspace.folder + "/" + part, failed);
    if (failed) return Error{503, "no_workspace", "the workspace cannot be made: " + failed.message()};
  }
  return workspace;
}

}  // namespace berth::command
