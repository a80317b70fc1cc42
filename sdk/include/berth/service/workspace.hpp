// The files of a session. In `blocking` operations:
//
//   const auto workspace = m_workspaces.open(call.session());   // Error(404) if there is no such session
//   … ::syscall(SYS_openat2, workspace.folder(), "output/a.txt", …)
#ifndef BERTH_SERVICE_WORKSPACE_HPP
#define BERTH_SERVICE_WORKSPACE_HPP

#include <berth/fd.hpp>
#include <berth/service/support.hpp>
#include <berth/service/workspace.h>
#include <sys/types.h>

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace berth {

// Closes its folder's descriptor, unless that was taken over.
class Workspace {
 public:
  explicit Workspace(const berth_workspace_given& given)
      : m_folder(given.folder), m_user(given.user), m_quota(given.quota) {
    for (std::size_t i = 0; i < given.alias_count; ++i) m_aliases.push_back(detail::copy(given.aliases[i]));
  }

  int folder() const { return m_folder.get(); }
  int take() { return m_folder.release(); }        // whoever takes it closes it
  uid_t user() const { return m_user; }            // and its gid
  std::uint64_t quota() const { return m_quota; }  // bytes; 0: no bound
  const std::vector<std::string>& aliases() const { return m_aliases; }

 private:
  Fd m_folder;
  uid_t m_user;
  std::uint64_t m_quota;
  std::vector<std::string> m_aliases;
};

class Workspaces {
 public:
  explicit Workspaces(const berth_host* host)
      : m_host(host), m_api(detail::lent<berth_workspace>(host, BERTH_WORKSPACE)) {}
  explicit Workspaces(const Context& context) : Workspaces(context.host) {}

  // Waits for the host: in `blocking` operations and threads of the plugin's own, not in a constructor. Throws Error.
  Workspace open(std::string_view session) const {
    Got got;
    const berth_workspace_answer answer{sizeof answer, 0, &got, &on_given, &on_fail};
    m_api->open(m_host, detail::text(session), &answer);
    if (got.error) throw *got.error;
    if (!got.workspace) throw Error(503, "no_service", "the host did not say where the workspace is");
    return std::move(*got.workspace);
  }

 private:
  struct Got {
    std::optional<Workspace> workspace;
    std::optional<Error> error;
  };
  static void on_given(void* with, const berth_workspace_given* given) {
    static_cast<Got*>(with)->workspace.emplace(*given);
  }
  static void on_fail(void* with, const berth_failure* why) {
    static_cast<Got*>(with)->error.emplace(why->status, detail::copy(why->code), detail::copy(why->message),
                                           detail::copy(why->hint));
  }

  const berth_host* m_host;
  const berth_workspace* m_api;
};

}  // namespace berth

#endif
