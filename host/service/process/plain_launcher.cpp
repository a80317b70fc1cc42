// What posix_spawn does, with what it lacks: a pidfd from the first moment, limits, a parent-death signal. The child
// borrows our memory until it runs its program, so starting one costs the same however much the host holds. Only where
// ThreadSanitizer is at work it gets a copy, or it would be taken for a second thread that is nobody's.
#include "service/process/plain_launcher.hpp"

#include <fcntl.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <string_view>

#include "service/process/entering.hpp"
#include "service/process/plain_process.hpp"
#include "service/process/pointers.hpp"
#include "service/process/terminal.hpp"
#include "service/signals.hpp"

namespace berth::service {

namespace {

constexpr int highest_number = 255;

#ifdef __SANITIZE_THREAD__
constexpr int memory = 0;
#else
constexpr int memory = CLONE_VM;
#endif

// What both see, whether they share the rest of their memory or not.
class Shared {
 public:
  Shared() : m_page(::mmap(nullptr, sizeof(Entering), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0)) {}
  ~Shared() {
    if (*this) ::munmap(m_page, sizeof(Entering));
  }
  Shared(const Shared&) = delete;
  explicit operator bool() const { return m_page != MAP_FAILED; }
  Entering& fill(const Entering& entering) { return *new (m_page) Entering(entering); }

 private:
  void* const m_page;
};

Error cannot_start(const std::string& program, int why) {
  Error error{503, "not_started", "cannot start " + program + ": " + std::strerror(why)};
  if (why == ENOENT) error.hint = "is it installed, and does its folder exist?";
  if (why == EAGAIN || why == ENOMEM || why == EMFILE) error.hint = "the machine or this user has no room for more";
  return error;
}

// As a shell would: the child itself may not search, since it may not allocate.
std::string look_up(const Order& order) {
  if (order.program.find('/') != std::string::npos) return order.program;
  std::string_view path = "/usr/local/bin:/usr/bin:/bin";
  for (const std::string& one : order.environment) {
    if (one.rfind("PATH=", 0) == 0) path = std::string_view(one).substr(5);
  }
  while (!order.program.empty() && !path.empty()) {
    const auto end = std::min(path.find(':'), path.size());
    std::string file = std::string(path.substr(0, end)) + '/' + order.program;
    if (file[0] == '/' && ::access(file.c_str(), X_OK) == 0) return file;
    path.remove_prefix(std::min(end + 1, path.size()));
  }
  return {};
}

// 0 to 2 are always there; and none sits on a number that another one is to have.
int arrange(Order& order, std::vector<Entering::File>& files) {
  for (int number = 0; number <= 2; ++number) {
    const auto there = [number](const Order::File& file) { return file.number == number; };
    if (std::any_of(order.files.begin(), order.files.end(), there)) continue;
    order.files.push_back({UniqueFd(::open("/dev/null", O_RDWR | O_CLOEXEC)), number});
  }
  std::sort(order.files.begin(), order.files.end(), [](const auto& a, const auto& b) { return a.number < b.number; });
  int last = -1;
  for (auto& file : order.files) {
    if (file.number <= last || file.number > highest_number || !file.fd) return EBADF;
    last = file.number;
  }
  for (auto& file : order.files) {
    if (file.fd.get() <= last) file.fd = UniqueFd(::fcntl(file.fd.get(), F_DUPFD_CLOEXEC, last + 1));
    if (!file.fd) return errno;
    files.push_back({file.fd.get(), file.number});
  }
  return 0;
}

// What is bounded already stays so: a process cannot get more than we may have.
std::vector<Entering::Bound> bounds(const Limits& limits) {
  std::vector<Entering::Bound> all{{RLIMIT_CORE, {0, 0}}};
  for (const auto& [what, soft, hard] : kernel_limits(limits)) all.push_back({what, {soft, hard}});
  for (auto& bound : all) {
    rlimit ours{};
    if (::getrlimit(static_cast<__rlimit_resource_t>(bound.what), &ours) != 0) continue;
    bound.limit.rlim_max = std::min(bound.limit.rlim_max, ours.rlim_max);
    bound.limit.rlim_cur = std::min(bound.limit.rlim_cur, bound.limit.rlim_max);
  }
  return all;
}

}  // namespace

std::vector<KernelLimit> kernel_limits(const Limits& limits) {
  std::vector<KernelLimit> all;
  const auto add = [&all](int what, std::uint64_t soft, std::uint64_t hard) {
    if (soft > 0) all.push_back({what, soft, hard});
  };
  add(RLIMIT_FSIZE, limits.file_size, limits.file_size);
  add(RLIMIT_CPU, limits.cpu_seconds, limits.cpu_seconds + 1);  // SIGXCPU, then SIGKILL
  add(RLIMIT_NOFILE, limits.open_files, limits.open_files);
  add(RLIMIT_NPROC, limits.processes, limits.processes);
  add(RLIMIT_AS, limits.memory, limits.memory);
  return all;
}

Result<std::unique_ptr<Running>> PlainLauncher::launch(Order order, Ears ears) {
  const std::string program = look_up(order);
  if (program.empty()) return cannot_start(order.program.empty() ? "a program without a name" : order.program, ENOENT);
  if (order.terminal) {
    if (const int why = give_terminal(order)) return cannot_start(order.program, why);
  }
  std::vector<Entering::File> files;
  if (const int why = arrange(order, files)) return cannot_start(order.program, why);
  const auto limits = bounds(order.limits);
  const auto arguments = pointers(order.arguments);
  const auto environment = pointers(order.environment);
  Shared shared;
  if (!shared) return cannot_start(order.program, errno);
  Entering& entering = shared.fill({});
  entering.program = program.c_str();
  entering.arguments = arguments.data();
  entering.environment = environment.data();
  entering.folder = order.folder.empty() ? nullptr : order.folder.c_str();
  entering.files = files.data();
  entering.file_count = files.size();
  entering.bounds = limits.data();
  entering.bound_count = limits.size();
  entering.session = order.leader || order.terminal;
  entering.terminal = order.terminal;
  entering.parent = ::getpid();

  alignas(64) char stack[32u << 10];
  int handle = -1;
  pid_t pid = -1;
  int why = 0;
  {
    const SignalsBlocked quiet;  // a handler of ours must not run in the child, which shares our memory
    pid = ::clone(&enter, stack + sizeof stack, memory | CLONE_VFORK | CLONE_PIDFD | SIGCHLD, &entering, &handle);
    why = errno;
  }
  if (pid < 0) return cannot_start(order.program, why);
  UniqueFd watched(handle);
  if (entering.failed == 0) {
    if (ears.started) ears.started(pid, {});
    return std::unique_ptr<Running>(
        std::make_unique<PlainProcess>(m_loop, pid, std::move(watched), entering.session, std::move(ears.ended)));
  }
  while (::waitpid(pid, nullptr, 0) < 0 && errno == EINTR) {
  }
  return cannot_start(order.program, entering.failed);
}

}  // namespace berth::service
