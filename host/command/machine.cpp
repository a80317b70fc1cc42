// Looks at files, folders and sockets.
#include "command/machine.hpp"

#include <glob.h>
#include <linux/magic.h>
#include <netdb.h>
#include <sys/socket.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "service/unique_fd.hpp"

namespace berth::command {

namespace fs = std::filesystem;

namespace {

std::vector<std::string> split(const std::string& text, char at) {
  std::vector<std::string> parts;
  std::istringstream in(text);
  for (std::string part; std::getline(in, part, at);) {
    if (!part.empty()) parts.push_back(part);
  }
  return parts;
}

bool is_program(const std::string& file) {
  std::error_code none;
  return fs::is_regular_file(file, none) && access(file.c_str(), X_OK) == 0;
}

bool on_path(const std::string& program) {
  if (program.find('/') != std::string::npos) return is_program(program);
  const auto folders = split(environment("PATH"), ':');
  return std::any_of(folders.begin(), folders.end(), [&](const auto& at) { return is_program(at + "/" + program); });
}

bool on_library_path(const std::string& name) {
  if (name.starts_with('/')) return access(name.c_str(), R_OK) == 0;
  const auto folders = library_folders();
  return std::any_of(folders.begin(), folders.end(),
                     [&](const auto& at) { return access((at + "/" + name).c_str(), R_OK) == 0; });
}

void add_folders(std::vector<std::string>& to, const std::string& conf, int depth) {
  std::ifstream file(conf);
  for (std::string line; std::getline(file, line);) {
    line = line.substr(0, line.find('#'));
    std::istringstream words(line);
    std::string word;
    if (!(words >> word)) continue;
    if (word != "include") {
      to.push_back(word);
      continue;
    }
    glob_t found{};
    while (depth > 0 && words >> word) {
      const std::string pattern = fs::path(conf).parent_path() / word;  // one that is absolute stands for itself
      if (::glob(pattern.c_str(), 0, nullptr, &found) != 0) continue;
      for (std::size_t i = 0; i < found.gl_pathc; ++i) add_folders(to, found.gl_pathv[i], depth - 1);
      ::globfree(&found);
    }
  }
}

std::string port_remedy(int number, const std::string& port) {
  std::error_code none;
  switch (number) {
    case EADDRINUSE: return "see who listens there: ss -ltnp 'sport = :" + port + "'; or choose another with --listen";
    case EACCES:
      return "give the program the right to: setcap cap_net_bind_service=+ep " +
             fs::read_symlink("/proc/self/exe", none).string() + "; or choose another with --listen";
    case EADDRNOTAVAIL: return "see which addresses this machine has: ip address; and choose one with --listen";
    default: return "choose another with --listen";
  }
}

}  // namespace

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

std::string system_name() {
  std::ifstream release("/etc/os-release");
  for (std::string line; std::getline(release, line);) {
    if (!line.starts_with("PRETTY_NAME=")) continue;
    line.erase(0, 12);
    std::erase(line, '"');
    return line;
  }
  return "an unknown system";
}

bool is_there(const loader::Need& need) {
  switch (need.what) {
    case loader::Need::What::program: return on_path(need.name);
    case loader::Need::What::file: return access(need.name.c_str(), R_OK) == 0;
    case loader::Need::What::library: return on_library_path(need.name);
  }
  return false;
}

std::vector<std::string> library_folders(const std::string& conf) {
  std::vector<std::string> folders = split(environment("LD_LIBRARY_PATH"), ':');
  add_folders(folders, conf, 4);
  for (const char* own : {"/lib", "/usr/lib", "/lib64", "/usr/lib64"}) folders.emplace_back(own);
  return folders;
}

bool can_hold_files(const std::string& folder) {
  std::error_code none;
  fs::path at = fs::absolute(folder, none);
  while (!fs::exists(at, none) && at.has_parent_path() && at != at.parent_path()) at = at.parent_path();
  struct statfs system {};
  if (::statfs(at.c_str(), &system) != 0 || system.f_type == PROC_SUPER_MAGIC || system.f_type == SYSFS_MAGIC)
    return false;  // where root may write, and nobody can make a file
  return fs::is_directory(at, none) && access(at.c_str(), W_OK | X_OK) == 0;
}

PortTrouble port_trouble(const std::string& address) {
  const auto colon = address.rfind(':');
  std::string host = address.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  addrinfo hints{}, *found = nullptr;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  const int unknown = ::getaddrinfo(host.c_str(), address.substr(colon + 1).c_str(), &hints, &found);
  if (unknown != 0) return {::gai_strerror(unknown), "look where that name leads: getent ahosts " + host};
  const service::UniqueFd fd(::socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const int on = 1;
  ::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  const bool bound = ::bind(fd.get(), found->ai_addr, found->ai_addrlen) == 0 && ::listen(fd.get(), 1) == 0;
  const int why = errno;
  ::freeaddrinfo(found);
  if (bound) return {};
  return {std::strerror(why), port_remedy(why, address.substr(colon + 1))};
}

std::set<uid_t> listeners_of(unsigned port) {
  std::set<uid_t> owners;
  for (const char* table : {"/proc/self/net/tcp", "/proc/self/net/tcp6"}) {
    std::ifstream file(table);
    std::string line;
    std::getline(file, line);
    while (std::getline(file, line)) {
      std::istringstream words(line);
      std::string number, local, remote, state, queues, timer, retries;
      uid_t owner = 0;
      if (!(words >> number >> local >> remote >> state >> queues >> timer >> retries >> owner) || state != "0A")
        continue;
      if (std::strtoul(local.substr(local.rfind(':') + 1).c_str(), nullptr, 16) == port) owners.insert(owner);
    }
  }
  return owners;
}

}  // namespace berth::command
