// The workspace that a StandIn lends: that of the session main, in a temporary folder that goes with it. The agent is
// whoever runs the test.
#ifndef BERTH_CHECK_LENT_WORKSPACE_HPP
#define BERTH_CHECK_LENT_WORKSPACE_HPP

#include <berth/call.hpp>
#include <berth/check/no_waiting.hpp>
#include <berth/service/workspace.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include <cstdint>
#include <filesystem>
#include <mutex>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace berth::check {

class LentWorkspace {
 public:
  LentWorkspace() = default;
  LentWorkspace(const LentWorkspace&) = delete;
  ~LentWorkspace() {
    std::error_code ignored;
    if (!m_path.empty()) std::filesystem::remove_all(m_path, ignored);
  }

  // Where it is; made when it is first asked for.
  const std::string& path() {
    const std::lock_guard<std::mutex> lock(m_mutex);
    if (!m_path.empty()) return m_path;
    std::string name = (std::filesystem::temp_directory_path() / "berth-workspace-XXXXXX").string();
    if (!::mkdtemp(name.data())) throw std::runtime_error("no temporary folder can be made");
    for (const char* part : {"upload", "output", "deploy", ".store"})
      std::filesystem::create_directory(std::filesystem::path(name) / part);
    return m_path = name;
  }
  // What a test says of it, before the plugin asks.
  std::uint64_t quota = 0;
  std::uint32_t user = ::geteuid();
  std::vector<std::string> aliases;

  int open(berth_text session, const berth_workspace_answer* answer) {
    const std::string_view name(session.data ? session.data : "", session.data ? session.size : 0);
    if (!answer || !answer->given) return 0;
    if (NoWaiting::here())
      return refuse(answer, Error(500, "would_block", "a workspace was asked for where nothing may wait",
                                  "ask in an operation that is blocking(), and not in a constructor"));
    if (!name.empty() && name != "main") return refuse(answer, Error(404, "no_session", "there is no such session"));
    const int folder = ::open(path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0) return refuse(answer, Error(503, "no_workspace", "the workspace cannot be opened"));
    std::vector<berth_text> others;
    for (const auto& one : aliases) others.push_back(berth::detail::text(one));
    const berth_workspace_given given{sizeof given, user, folder, 0, quota, others.data(), others.size()};
    answer->given(answer->with, &given);
    return 1;
  }

 private:
  static int refuse(const berth_workspace_answer* answer, const Error& error) {
    const auto why = berth::detail::failure(error);
    if (answer->fail) answer->fail(answer->with, &why);
    return 0;
  }

  std::mutex m_mutex;
  std::string m_path;
};

}  // namespace berth::check

#endif
