// The trying is done by the inside program's role of that name; here its answers become layers. Namespaces are all or
// nothing where it matters: without mounts or processes of its own a jail gets none, since the others then protect
// little.
#include "jail/probe.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <map>
#include <sstream>

#include "service/unique_fd.hpp"

namespace berth::jail {

using service::Error;
using service::Result;
using service::UniqueFd;
using State = Layer::State;

namespace {

using Tried = std::map<std::string, int, std::less<>>;  // errno of each; 0: works

// Far from what distributions and container engines use, or the top of what this process's user namespace has.
uid_t first_user() {
  constexpr std::uint64_t wanted = 2'000'000'000, room = 20'000;
  std::ifstream map("/proc/self/uid_map");
  std::uint64_t best = 0;
  for (std::uint64_t inside = 0, outside = 0, count = 0; map >> inside >> outside >> count;) {
    if (wanted >= inside && wanted + room < inside + count) return wanted;
    if (count > 2 * room)
      best = std::max(best, inside + count - room);
    else if (count > 2000)
      best = std::max(best, inside + count - 1000);
  }
  return static_cast<uid_t>(best);
}

Result<std::string> answers(const InsideProgram& program, uid_t user) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0)
    return Error{503, "jail_failed", std::string("cannot make a pipe: ") + std::strerror(errno)};
  const UniqueFd from(ends[0]);
  UniqueFd to(ends[1]);
  const auto child = program.start({"probe", {}, {}, {std::to_string(user)}, to.get()});
  if (!child) return child.error();
  to = UniqueFd();
  std::string text;
  char piece[1024];
  pollfd heard{from.get(), POLLIN, 0};
  while (::poll(&heard, 1, 10'000) > 0) {
    const ssize_t got = ::read(from.get(), piece, sizeof piece);
    if (got <= 0) break;
    text.append(piece, static_cast<std::size_t>(got));
  }
  reap(*child);
  return text;
}

Tried read_answers(const std::string& text) {
  Tried tried;
  std::istringstream in(text);
  std::string name;
  for (int number = 0; in >> name >> number;) tried[name] = number;
  return tried;
}

struct Sorting {
  const Tried& tried;
  const std::set<std::string>& without;
  Isolation& into;

  bool works(const std::string& name) const {
    const auto at = tried.find(name);
    return at != tried.end() && at->second == 0 && !without.contains(name);
  }
  std::string reason(const std::string& name) const {
    if (without.contains(name)) return "left out";
    const auto at = tried.find(name);
    if (at == tried.end()) return "it could not be tried";
    return at->second == EBADE ? "it is there and refuses nothing" : std::strerror(at->second);
  }
  void add(const std::string& name, State state, std::string detail) {
    into.layers.push_back({name, state, std::move(detail)});
  }
  void plain(const std::string& name, const char* detail) {
    add(name, works(name) ? State::enforced : State::absent, works(name) ? detail : reason(name));
  }
};

struct Kind {
  const char *layer, *tried;
  unsigned flag;
  const char *detail, *lost = "";
};
const Kind kinds[] = {
    {"user", "user", CLONE_NEWUSER, "capabilities inside reach nothing outside"},
    {"mount", "mount", CLONE_NEWNS, "sees the system read-only, its own /tmp and /dev, its workspace, and nothing else",
     "; sees the system's own paths, as far as Landlock lets it; /tmp is a folder on the disk without a limit"},
    {"pid", "pid", CLONE_NEWPID, "sees and signals its own processes alone, and they end with it",
     "; processes are held together by their session, which they cannot leave"},
    {"net", "net", CLONE_NEWNET, "a network of its own"},
    {"ipc", "ipc", CLONE_NEWIPC, "shared memory and message queues of its own"},
    {"uts", "uts", CLONE_NEWUTS, "a host name of its own"},
    {"cgroup", "cgroupns", CLONE_NEWCGROUP, "sees no control groups but its own"},
};

void sort_namespaces(Sorting& sorting) {
  const bool made = sorting.works("mount") && sorting.works("pid");
  const bool rooms = made && sorting.works("join");
  for (const auto& kind : kinds) {
    const bool works = rooms && sorting.works(kind.tried) && !sorting.without.contains(kind.layer);
    if (works) sorting.into.namespaces |= kind.flag;
    if (std::string_view(kind.layer) == "net" && !works) {
      sorting.add("net", State::fallback,
                  "no sockets at all, by seccomp, since a network namespace: " +
                      (rooms  ? sorting.reason("net")
                       : made ? "cannot be joined: " + sorting.reason("join")
                              : sorting.reason("mount")));
      continue;
    }
    const bool left = !rooms && sorting.works(kind.tried);
    sorting.add(kind.layer, works ? State::enforced : State::absent,
                works          ? kind.detail
                : made && left ? "can be made but not joined: " + sorting.reason("join")
                : left         ? "of no use without mount and pid namespaces"
                               : sorting.reason(kind.tried));
  }
  sorting.into.fresh_proc = rooms && sorting.works("proc");
  if (sorting.into.fresh_proc)
    sorting.add("proc", State::enforced, "/proc shows the jail's processes");
  else
    sorting.add("proc", rooms ? State::fallback : State::absent,
                rooms ? "/proc shows all processes, but not their insides: " + sorting.reason("proc")
                      : "/proc is the machine's");
}

void sort_walls(Sorting& sorting) {
  const auto abi = sorting.tried.find("landlock_abi");
  const bool landlock = sorting.works("landlock") && abi != sorting.tried.end();
  sorting.into.landlock = landlock ? static_cast<unsigned>(abi->second) : 0;
  sorting.add("landlock", landlock ? State::enforced : State::absent,
              landlock ? "ABI " + std::to_string(abi->second) : sorting.reason("landlock"));
  const bool scopes = sorting.into.landlock >= 6 && !sorting.without.contains("scopes");
  const bool pid = (sorting.into.namespaces & CLONE_NEWPID) != 0;
  sorting.add("scopes", scopes ? State::enforced : State::absent,
              scopes ? "signals and abstract sockets end at the jail"
                     : std::string("wants Landlock ABI 6") + (pid ? "; namespaces do the same" : ""));
  if (!scopes) sorting.into.landlock = std::min(sorting.into.landlock, 5u);
  sorting.plain("seccomp", "dangerous system calls are refused");
  sorting.into.seccomp = sorting.works("seccomp");
  sorting.plain("no_new_privs", "setuid programs give nothing");
}

void sort_user(Sorting& sorting) {
  sorting.into.changes_user = sorting.works("uid") && sorting.into.first_user != 0;
  if (sorting.into.changes_user) return sorting.add("uid", State::enforced, "each jail has a user of its own");
  const bool mapped = (sorting.into.namespaces & CLONE_NEWUSER) != 0;
  sorting.add("uid", mapped ? State::fallback : State::absent,
              (mapped ? "the host's user, without its rights outside: " : "the same user as the host: ") +
                  sorting.reason("uid"));
}

void sort_limits(Sorting& sorting, const std::vector<GroupPlace>& places) {
  for (const auto& place : places) {
    if (place.controller == "cpuacct") continue;  // it limits nothing
    const bool works = place.trouble.empty();
    if (works) {
      sorting.add(place.controller, State::enforced, "control groups, version " + std::to_string(place.version));
      continue;
    }
    const bool cpu = place.controller == "cpu";
    sorting.add(
        place.controller, cpu ? State::absent : State::fallback,
        (cpu                            ? ""
         : place.controller == "memory" ? "of each process alone, by rlimits: its own up to the limit, with what is "
                                          "shared up to twice the limit and 1 GiB: "
                                        : "by rlimits: ") +
            place.trouble);
  }
}

}  // namespace

Result<Isolation> probe(const InsideProgram& program, const std::vector<GroupPlace>& places,
                        const std::set<std::string>& without) {
  Isolation found;
  found.first_user = first_user();
  const auto text = answers(program, found.first_user);
  if (!text) return text.error();
  const Tried tried = read_answers(*text);
  Sorting sorting{tried, without, found};
  sort_namespaces(sorting);
  sort_walls(sorting);
  sort_user(sorting);
  sort_limits(sorting, places);
  return found;
}

}  // namespace berth::jail
