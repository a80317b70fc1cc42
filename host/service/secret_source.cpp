// Each source, with what would make its secret one no more.
#include "service/secret_source.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <utility>

#include "service/process/pointers.hpp"
#include "service/unique_fd.hpp"

namespace berth::service {

namespace {

using Clock = std::chrono::steady_clock;

Error unusable(std::string why, std::string hint = {}) { return {500, "no_secret", std::move(why), std::move(hint)}; }

// Reads to the end, until then, into memory of its own. Nothing of it passes through a string.
Result<Secret> read_all(int fd, Clock::time_point until, bool waits) {
  Secret secret(longest_secret + 1);
  std::size_t have = 0;
  while (have <= longest_secret) {
    if (waits) {
      const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - Clock::now()).count();
      pollfd one{fd, POLLIN, 0};
      const int ready = left > 0 ? ::poll(&one, 1, static_cast<int>(left)) : 0;
      if (ready < 0 && errno == EINTR) continue;
      if (ready <= 0) return unusable("it took too long");
    }
    const auto got = ::read(fd, secret.data() + have, longest_secret + 1 - have);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return unusable(std::string("it cannot be read: ") + std::strerror(errno));
    if (got == 0) break;
    have += static_cast<std::size_t>(got);
  }
  if (have > longest_secret) return unusable("it is longer than 64 KiB");
  while (have > 0 && (secret.data()[have - 1] == '\n' || secret.data()[have - 1] == '\r')) --have;
  if (have == 0) return unusable("it is empty");
  secret.cut(have);
  return secret;
}

std::optional<Error> unfit(const std::string& path, const struct stat& known) {
  if (!S_ISREG(known.st_mode)) return unusable(path + " is no regular file");
  if ((known.st_mode & (S_IRWXG | S_IRWXO)) == 0) return std::nullopt;
  return unusable(path + " can be read by others than its owner", "chmod 600 " + path);
}

Result<Secret> from_file(const std::string& path) {
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
  if (!fd) return unusable(path + ": " + std::strerror(errno));
  struct stat known {};
  if (::fstat(fd.get(), &known) != 0) return unusable(path + ": " + std::strerror(errno));
  if (auto why = unfit(path, known)) return *why;
  if (known.st_uid != ::geteuid() && known.st_uid != 0)
    return unusable(path + " belongs neither to the host's user nor to root");
  auto secret = read_all(fd.get(), {}, false);
  if (!secret) return unusable(path + ": " + secret.error().message);
  return secret;
}

// A child in a process group of its own, gone with all that it started when this is.
class Program {
 public:
  ~Program() {
    if (m_pid <= 0) return;
    ::kill(-m_pid, SIGKILL);
    int status = 0;
    while (::waitpid(m_pid, &status, 0) < 0 && errno == EINTR) {
    }
  }
  int start(const std::vector<std::string>& words, UniqueFd& output) {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) return errno;
    output = UniqueFd(ends[0]);
    const UniqueFd theirs(ends[1]);
    auto texts = words;
    const auto arguments = pointers(texts);
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawnattr_init(&attributes);
    ::posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    ::posix_spawn_file_actions_adddup2(&actions, theirs.get(), 1);
    ::posix_spawn_file_actions_addclosefrom_np(&actions, 3);
    ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
    const int failed = ::posix_spawnp(&m_pid, arguments[0], &actions, &attributes, arguments.data(), environ);
    ::posix_spawn_file_actions_destroy(&actions);
    ::posix_spawnattr_destroy(&attributes);
    if (failed != 0) m_pid = 0;
    return failed;
  }
  // Its exit status, or -1: it does not end.
  int end(Clock::time_point until) {
    int status = 0;
    for (;;) {
      const pid_t done = ::waitpid(m_pid, &status, WNOHANG);
      if (done == m_pid) return m_pid = 0, status;
      if (Clock::now() >= until || (done < 0 && errno != EINTR)) return -1;
      ::usleep(2000);
    }
  }

 private:
  pid_t m_pid = 0;
};

Result<Secret> from_command(const std::vector<std::string>& words, std::chrono::milliseconds patience) {
  const auto until = Clock::now() + patience;
  Program program;
  UniqueFd output;
  if (const int failed = program.start(words, output))
    return unusable(words[0] + " cannot be run: " + std::strerror(failed));
  auto secret = read_all(output.get(), until, true);
  if (!secret) return unusable("what " + words[0] + " says: " + secret.error().message);
  const int status = program.end(until);
  if (status < 0) return unusable(words[0] + " does not end");
  if (status != 0) return unusable(words[0] + " failed");
  return secret;
}

}  // namespace

// The variable's value, wiped; null: there is none.
char* SecretEnvironment::keep(const std::string& variable) {
  char* value = variable.empty() ? nullptr : std::getenv(variable.c_str());
  if (!value) return nullptr;
  const std::size_t size = std::strlen(value);
  if (size == 0) return value;
  {
    const std::lock_guard lock(m_mutex);
    m_taken.emplace(variable, Secret(std::string_view(value, size)));
  }
  ::explicit_bzero(value, size);
  return value;
}

void SecretEnvironment::take(const SecretSources& sources) {
  for (const auto& [name, source] : sources) {
    if (keep(source.env)) ::unsetenv(source.env.c_str());
  }
}

void SecretEnvironment::take_later(const SecretSources& sources) {
  for (const auto& [name, source] : sources) keep(source.env);
}

const Secret* SecretEnvironment::find(const std::string& name) const {
  const std::lock_guard lock(m_mutex);
  const auto at = m_taken.find(name);
  return at == m_taken.end() ? nullptr : &at->second;
}

std::map<std::string, Error> bad_secret_files(const SecretSources& sources) {
  std::map<std::string, Error> bad;
  for (const auto& [name, source] : sources) {
    if (source.file.empty()) continue;
    struct stat known {};
    if (::stat(source.file.c_str(), &known) == 0) {
      if (auto why = unfit(source.file, known)) bad.emplace(name, std::move(*why));
    } else if (errno != EACCES) {
      bad.emplace(name, unusable(source.file + ": " + std::strerror(errno)));
    }
  }
  return bad;
}

Result<SecretSet> fetch_secrets(const SecretSources& sources, const SecretEnvironment& environment,
                                std::chrono::milliseconds patience) {
  SecretSet secrets;
  for (const auto& [name, source] : sources) {
    const auto missing = [&name = name](const Error& why) {
      return unusable("the secret " + name + " cannot be had: " + why.message, why.hint);
    };
    if (!source.env.empty()) {
      const auto* taken = environment.find(source.env);
      if (!taken)
        return missing(unusable("the variable " + source.env + " was not set when the host started",
                                "a running host's environment cannot be changed: start it again with " + source.env +
                                    " set, or use a file or a command"));
      secrets.emplace(name, Secret(taken->view()));
      continue;
    }
    auto fetched = source.file.empty() ? from_command(source.command, patience) : from_file(source.file);
    if (!fetched) return missing(fetched.error());
    secrets.emplace(name, std::move(*fetched));
  }
  return secrets;
}

}  // namespace berth::service
