// Opened when it is first wanted.
#include "command/main_place.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <utility>

#include "service/files.hpp"

namespace berth::command {

using service::Error;
using service::Result;

Result<std::shared_ptr<jail::Jail>> MainPlace::jail_of(const std::string& session) {
  if (session != "main") return Error{404, "no_session", "there is no session \"" + session + "\""};
  const std::lock_guard lock(m_mutex);
  if (m_jail) return m_jail;
  const std::string folder = std::filesystem::absolute(m_folder).lexically_normal();
  for (const char* part : {"", "/upload", "/output", "/deploy", "/.store"}) {
    if (auto error = service::make_directory(folder + part, 0755)) return *error;
    ::chmod((folder + part).c_str(), 0755);  // for the jail's users, whatever the host's umask
  }
  jail::Options options;
  options.name = "main";
  options.mounts = jail::workspace_mounts(folder);
  if (m_jails.isolation().changes_user) options.user = m_jails.take_user();
  for (const char* part : {"/output", "/deploy"}) {
    const auto user = options.user.value_or(::geteuid());
    if (::chown((folder + part).c_str(), user, user) != 0 && options.user)
      return service::file_error("own", folder + part, errno);
  }
  auto opened = m_jails.open(options);
  if (!opened) return opened.error();
  return m_jail = std::shared_ptr<jail::Jail>(std::move(*opened));
}

}  // namespace berth::command
