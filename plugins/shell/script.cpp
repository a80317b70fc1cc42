// bash is asked at its own end, by a trap, so `exit`, errors and `set -e` keep the state, too. A command may have a
// trap of its own for that; so bash is asked when the command is through, as well, and tells once. It tells into a file
// in memory, which never fills up as a pipe would. The command comes in another one: an argument has 128 KiB at the
// most.
#include "script.hpp"

#include <sys/mman.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>

namespace shell {

using berth::Error;
using berth::Fd;

namespace {

constexpr const char* bash = "/bin/bash";  // not of the PATH, which a command may have broken
constexpr int told_number = 250, command_number = 251;
constexpr std::size_t most_told = 2 * State::most + (64u << 10);  // at its begin, and at its end

// Subshells have bash's traps not, and functions, so only the shell itself tells. What it is given is what it returns.
constexpr const char* tell =
    R"(__berth() { [ "${__berth_told-}" ] || { __berth_told=1; { builtin pwd; builtin printf '\0'; )"
    R"(/usr/bin/env -0 && builtin printf '\0'; } >&250 2>/dev/null; }; return "$1"; }; )";
constexpr const char* at_first =
    R"([ "${LC_ALL-}${LC_CTYPE-}${LANG-}" ] || export LANG=C.UTF-8; export TERM=dumb; __berth 0; __berth_told=; )";
constexpr const char* run =
    R"(trap '{ __berth $?; } 2>/dev/null' EXIT; IFS= builtin read -r -d '' __berth_command <&251; exec 251<&-; )"
    R"(set --; eval "$__berth_command"; { __berth $?; } 2>/dev/null)";
constexpr const char* terminal =
    R"([ "${LC_ALL-}${LC_CTYPE-}${LANG-}" ] || export LANG=C.UTF-8; export TERM=xterm-256color SHELL=/bin/bash; )"
    R"(exec /bin/bash -i)";

Fd memory_file(const char* name) {
  Fd file(::memfd_create(name, MFD_CLOEXEC));
  if (file) return file;
  throw Error(503, "not_started", std::string("no memory for a command: ") + std::strerror(errno));
}

void write_all(const Fd& file, std::string_view bytes) {
  for (std::size_t at = 0; at < bytes.size();) {
    const ssize_t put = ::pwrite(file.get(), bytes.data() + at, bytes.size() - at, static_cast<off_t>(at));
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) throw Error(503, "not_started", std::string("no memory for a command: ") + std::strerror(errno));
    at += static_cast<std::size_t>(put);
  }
}

std::string read_all(const Fd& file) {
  struct stat known {};
  if (!file || ::fstat(file.get(), &known) != 0 || known.st_size <= 0) return {};
  const auto size = static_cast<std::size_t>(known.st_size);
  std::string bytes(size < most_told ? size : most_told, '\0');
  const ssize_t got = ::pread(file.get(), bytes.data(), bytes.size(), 0);
  bytes.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  return bytes;
}

void give_state(berth::Plan& plan, const State& state) {
  const auto now = state.now();
  plan.folder = now->folder;
  plan.inherit = !state.known();
  for (const auto& [name, value] : now->variables) plan.environment.push_back(name + "=" + value);
}

}  // namespace

Errand errand_of(const Ask& ask, const State& state) {
  Errand errand;
  auto& plan = errand.plan;
  give_state(plan, state);
  if (!ask.folder.empty()) plan.folder = ask.folder;
  plan.input = ask.input.has_value();
  plan.leader = true;  // `timeout`, `set -m` and the like put what they start into groups of its own
  if (!ask.argv.empty()) {
    plan.arguments = ask.argv;
    return errand;
  }
  errand.told = memory_file("shell-state");
  errand.command = memory_file("shell-command");
  write_all(errand.command, ask.command);
  plan.program = bash;
  plan.arguments = {"bash", "-c", std::string(tell) + (state.known() ? "" : at_first) + run, "bash"};
  plan.files = {{errand.told.get(), told_number}, {errand.command.get(), command_number}};
  return errand;
}

std::vector<Snapshot> read_told(const Fd& told) { return read_snapshots(read_all(told)); }

berth::Plan terminal_plan(const State& state, std::uint16_t rows, std::uint16_t columns) {
  berth::Plan plan{"bash", "-c", terminal, "bash"};
  plan.program = bash;
  give_state(plan, state);
  plan.terminal = plan.input = true;
  plan.rows = rows;
  plan.columns = columns;
  return plan;
}

std::string as_word(std::string_view text) {
  std::string word = "'";
  for (const char c : text) {
    if (c == '\'')
      word += R"('\'')";
    else
      word += c;
  }
  return word + "'";
}

}  // namespace shell
