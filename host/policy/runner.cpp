// Time on a processor, since a machine that is busy with others must not cost a policy its life.
#include "policy/runner.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <new>
#include <utility>

#include "service/unique_fd.hpp"

namespace berth::policy {

using namespace std::chrono_literals;
using service::Error;
using service::UniqueFd;

namespace {

constexpr int link_fd = 3, where_fd = 4;
constexpr int looks_for_deadline = 4;
constexpr std::chrono::milliseconds standstill{5000};  // of one that gets no processor at all, or waits for something

std::chrono::nanoseconds time_of(pid_t pid) {
  clockid_t clock{};
  timespec used{};
  if (::clock_getcpuclockid(pid, &clock) != 0 || ::clock_gettime(clock, &used) != 0) return 0ns;
  return std::chrono::seconds(used.tv_sec) + std::chrono::nanoseconds(used.tv_nsec);
}

}  // namespace

Where* shared_where(int fd) {
  void* page = ::mmap(nullptr, sizeof(Where), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  return page == MAP_FAILED ? nullptr : static_cast<Where*>(page);
}

class SharedWhere {
 public:
  static std::unique_ptr<SharedWhere> make() {
    UniqueFd file(::memfd_create("berth-policies", MFD_CLOEXEC));
    if (!file || ::ftruncate(file.get(), sizeof(Where)) != 0) return nullptr;
    Where* page = shared_where(file.get());
    return page ? std::unique_ptr<SharedWhere>(new SharedWhere(std::move(file), new (page) Where)) : nullptr;
  }
  ~SharedWhere() { ::munmap(m_page, sizeof(Where)); }
  SharedWhere(const SharedWhere&) = delete;
  UniqueFd take_file() { return std::move(m_file); }
  const Where& operator*() const { return *m_page; }

 private:
  SharedWhere(UniqueFd file, Where* page) : m_file(std::move(file)), m_page(page) {}
  UniqueFd m_file;
  Where* const m_page;
};

Runner::Runner(service::EventLoop& loop, std::string program, Rules rules)
    : m_loop(loop),
      m_program(std::move(program)),
      m_rules(rules),
      m_launcher(loop),
      m_timer(loop.context()),
      m_lookout(loop, 250us) {}

Runner::~Runner() { end(); }

std::optional<Error> Runner::start(Ears ears) {
  m_ears = std::move(ears);
  auto [ours, theirs] = FrameSocket::pair();
  m_where = SharedWhere::make();
  if (!ours || !m_where) return Error{503, "no_policies", "there is no room for the process of the policies"};
  service::Child::Plan plan;
  plan.order.program = m_program;
  plan.order.arguments = {"berth", "policy-host"};
  for (const char* name : {"PATH", "LANG", "TZ", "ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS"}) {
    if (const char* value = std::getenv(name)) plan.order.environment.push_back(std::string(name) + "=" + value);
  }
  plan.order.files.push_back({std::move(theirs), link_fd});
  plan.order.files.push_back({m_where->take_file(), where_fd});
  plan.order.leader = true;
  plan.together = true;
  const auto weak = weak_from_this();
  auto child = service::Child::spawn(m_loop, m_launcher, std::move(plan),
                                     {[](service::Outlet, std::string_view) { return true; },
                                      [weak](const service::End& how) {
                                        if (const auto self = weak.lock()) self->died(how.words);
                                      }});
  if (!child) return child.error();
  m_child = std::move(*child);
  m_socket = std::make_shared<FrameSocket>(m_loop, std::move(ours));
  m_socket->open(
      [weak](std::string_view frame) {
        const auto self = weak.lock();
        const auto heard = self ? self->m_ears.frame : nullptr;  // which may be the end of these ears
        if (heard) heard(frame);
      },
      [weak] {  // what it says no more, it shall not do either
        const auto self = weak.lock();
        if (self && self->m_child) self->m_child->kill();
      });
  return std::nullopt;
}

void Runner::send(std::string_view frame) {
  if (m_socket) m_socket->send(frame);
}

void Runner::kill() {
  if (m_child) m_child->kill();
}

pid_t Runner::pid() const { return m_child ? m_child->pid() : -1; }

void Runner::end() {
  m_ears = {};
  m_timer.cancel();
  m_lookout.end();
  if (m_socket) m_socket->close();
  m_socket.reset();
  m_child.reset();
}

// One look for many questions: to set and to clear an alarm for each would cost more than the question.
void Runner::owes() {
  if (!std::exchange(m_owes, true)) {
    m_since = std::chrono::steady_clock::now();
    m_lookout.begin();
  }
  if (!std::exchange(m_watching, true)) watch();
}

void Runner::answered(bool all) {
  m_owes = !all;
  m_since = std::chrono::steady_clock::now();
  m_lookout.came();
  if (m_owes) m_lookout.begin();
}

void Runner::watch() {
  m_timer.expires_after(std::max(m_rules.deadline / looks_for_deadline, 1ms));
  m_timer.async_wait([weak = weak_from_this()](const boost::system::error_code& failed) {
    const auto self = weak.lock();
    if (!failed && self) self->look();
  });
}

// A hook counts from the first look that found it at work, so that it need not read a clock when it begins.
void Runner::look() {
  m_watching = false;
  if (!m_owes || !m_child) return;
  const std::uint64_t question = (**m_where).question.load(std::memory_order_acquire);
  const std::uint64_t stage = (**m_where).stage.load(std::memory_order_relaxed);
  const auto used = time_of(m_child->pid());
  if (question == 0 || std::exchange(m_stage, stage) != stage) m_used = used;
  const auto allowed = std::chrono::nanoseconds(question == being_read ? m_rules.reading_time : m_rules.deadline);
  const bool hangs = used - m_used >= allowed;
  m_stood = !hangs && std::chrono::steady_clock::now() - m_since > standstill;
  if (hangs || m_stood) {
    m_hung = true;
    m_child->kill();
    return;
  }
  m_watching = true;
  watch();
}

void Runner::died(const std::string& how) {
  Death death;
  const Where& where = **m_where;
  death.question = where.question.load(std::memory_order_acquire);
  death.script = where.script.load();
  death.line = where.line.load();
  death.hung = m_hung;
  death.how = "the process of the policies " + how;
  if (m_hung && death.question == being_read)
    death.how = "it does not come to its end when it is read";
  else if (m_stood)
    death.how = "it stood still for " + std::to_string(standstill.count() / 1000) + " s";
  else if (m_hung)
    death.how = "it took longer than " + std::to_string(m_rules.deadline.count()) + " ms";
  const auto self = shared_from_this();
  const auto heard = m_ears.died;
  end();
  if (heard) heard(std::move(death));
}

}  // namespace berth::policy
