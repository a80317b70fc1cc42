// Reads the kernel's switches; every command named here is one that can be pasted.
#include "command/remedies.hpp"

#include <unistd.h>

#include <array>
#include <fstream>
#include <set>

namespace berth::command {

namespace {

constexpr const char* loosen_container =
    "a container's engine refuses it; for docker or podman: --cap-add SYS_ADMIN --security-opt seccomp=unconfined "
    "--security-opt apparmor=unconfined";

std::string first_line(const std::string& file) {
  std::ifstream in(file);
  std::string line;
  std::getline(in, line);
  return line;
}

struct Switch {
  const char *name, *file, *off, *on;
};
constexpr std::array<Switch, 3> switches{{
    {"kernel.unprivileged_userns_clone", "/proc/sys/kernel/unprivileged_userns_clone", "0", "1"},
    {"kernel.apparmor_restrict_unprivileged_userns", "/proc/sys/kernel/apparmor_restrict_unprivileged_userns", "1",
     "0"},
    {"user.max_user_namespaces", "/proc/sys/user/max_user_namespaces", "0", "10000"},
}};

std::string for_namespaces(bool as_root, const std::string& root) {
  std::string settings;
  for (const auto& one : switches) {
    const bool for_users = one.name != std::string_view("user.max_user_namespaces");
    if (as_root && for_users) continue;
    if (first_line(root + one.file) == one.off) settings += std::string(" ") + one.name + "=" + one.on;
  }
  if (settings.empty()) return loosen_container;
  return "as root: sysctl -w" + settings;
}

std::string for_landlock(const std::string& root) {
  const std::string modules = first_line(root + "/sys/kernel/security/lsm");
  if (modules.empty() || modules.find("landlock") != std::string::npos)
    return "boot a kernel of 5.13 or later that has Landlock";
  return "boot with lsm=landlock," + modules + " on the kernel's command line";
}

}  // namespace

std::string remedy_for_layer(const std::string& layer, bool as_root, const std::string& root) {
  static const std::set<std::string> groups{"memory", "pids", "cpu"};
  if (layer == "uid") return as_root ? loosen_container : "run the host as root";
  if (layer == "landlock") return for_landlock(root);
  if (layer == "scopes") return "boot a kernel of 6.12 or later that has Landlock";
  if (layer == "seccomp" || layer == "no_new_privs") return "boot a kernel with CONFIG_SECCOMP_FILTER=y";
  if (!groups.contains(layer)) return for_namespaces(as_root, root);
  if (as_root) return "mount /sys/fs/cgroup for writing; for docker or podman: --privileged";
  const bool second = !first_line(root + "/sys/fs/cgroup/cgroup.controllers").empty();
  return second ? "systemd-run --user --scope -p Delegate=yes berth serve; or run the host as root"
                : "run the host as root";
}

std::string remedy_for_layer(const std::string& layer) { return remedy_for_layer(layer, ::geteuid() == 0); }

}  // namespace berth::command
