// A process lives here until it is reaped, whether anybody still wants to hear of it or not.
#include "loader/desk/processes_desk.hpp"

#include <berth/service/process.h>
#include <fcntl.h>

#include <boost/asio/steady_timer.hpp>
#include <csignal>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

#include "loader/desk/starts.hpp"
#include "loader/process/packed.hpp"
#include "loader/services/bounds.hpp"
#include "loader/services/process_notes.hpp"
#include "service/process/out_pipe.hpp"
#include "service/text.hpp"

namespace berth::loader {

using namespace std::chrono_literals;
using service::Error;
using service::Order;

struct ProcessesDesk::One {
  std::uint64_t number = 0;
  bool leader = false;
  bool own = false;    // in the plugin's own jail
  bool stays = false;  // its jail's wall-clock limit is not for it
  bool heard = true;   // by the plugin
  bool dropped = false;
  bool ending = false;            // it is being ended elsewhere, with what it leaves behind
  std::vector<int> signals = {};  // that came before it was there
  std::size_t looks = 0;          // as well
  std::shared_ptr<jail::Process> process = {};
  std::optional<service::Descriptor> watch = {};
  std::optional<boost::asio::steady_timer> deadline = {};

  void signal(int what) {
    if (ending) return;
    if (process)
      process->signal(what);
    else if (signals.size() < most_early_signals)
      signals.push_back(what);
  }
};

struct ProcessesDesk::Body : std::enable_shared_from_this<Body> {
  using Shared = std::shared_ptr<One>;

  void say(const Shared& one, Verb verb, std::string fields, service::UniqueFd fd = {}) const {
    if (one->heard && tell) tell({verb, one->number, std::move(fields), {}, std::move(fd)});
  }
  void fail(const Shared& one, const Error& why) {
    say(one, Verb::process_failed, pack_error(why));
    forget(one);
  }
  void forget(const Shared& one) {
    const auto at = all.find(one->number);
    if (at != all.end() && at->second == one) all.erase(at);
  }
  std::optional<Error> refusal(const Note& note, const std::optional<ArrivedOrder>& order, std::size_t came) const;
  void tell_hits(const Shared& one) const;
  void started(const Shared& one, Starts::Started process, service::UniqueFd terminal);
  void watch(const Shared& one);
  void bound(const Shared& one);
  void look(const Shared& one);
  void end_all_of(const Shared& one);
  void reap(const Shared& one);

  const Jailing* jailing = nullptr;
  std::shared_ptr<Starts> starts;
  Tell tell;
  std::unordered_map<std::uint64_t, Shared> all;
  std::unordered_map<std::uint64_t, std::vector<Order::File>> files;  // of those that are to come
  std::size_t file_count = 0, starting = 0;
};

std::optional<Error> ProcessesDesk::Body::refusal(const Note& note, const std::optional<ArrivedOrder>& order,
                                                  std::size_t came) const {
  if (!starts) return Error{503, "no_service", "this host starts no programs"};
  if (note.data.size() > most_order)
    return Error{400, "bad_plan", "arguments and environment are larger than " + service::format_bytes(most_order)};
  if (!order) return Error{400, "bad_plan", "no process can be started so"};
  if (all.size() > 2 * BERTH_PROCESS_MOST || starting >= starts_under_way)
    return Error{503, "too_many_processes", "the plugin starts too many programs at once"};
  if (order->files != came)
    return Error{503, "not_started", "cannot start " + order->order.program + ": a descriptor was lost on the way"};
  return std::nullopt;
}

void ProcessesDesk::Body::started(const Shared& one, Starts::Started process, service::UniqueFd terminal) {
  --starting;
  if (!process) return fail(one, process.error());
  one->process = std::move(*process);
  Packer fields;
  fields.number(static_cast<std::uint64_t>(one->process->pid()));
  say(one, Verb::process_started, fields.done(), std::move(terminal));
  for (const int what : std::exchange(one->signals, {})) one->process->signal(what);
  for (; one->looks > 0; --one->looks) tell_hits(one);
  one->watch.emplace(jailing->loop.context());
  const int handle = ::fcntl(one->process->handle(), F_DUPFD_CLOEXEC, 3);
  boost::system::error_code failed;
  if (handle >= 0) one->watch->assign(handle, failed);
  if (handle >= 0 && !failed) {
    bound(one);
    return one->dropped ? end_all_of(one) : watch(one);
  }
  fail(one, {503, "not_started", "there are too many open files"});  // and with it goes the process
}

void ProcessesDesk::Body::tell_hits(const Shared& one) const {
  const jail::GroupHits hits = one->process->hits();
  say(one, Verb::process_hits,
      pack_hits({hits.memory_counted, hits.processes_counted, hits.memory, hits.processes,
                 jail::limit_in_words("memory", one->process->limits())}));
}

// By the host's clock: the plugin's side, which has one of its own, need not be honest.
void ProcessesDesk::Body::bound(const Shared& one) {
  const auto time = one->process->wall_time();
  if (one->stays || time.count() == 0) return;
  one->deadline.emplace(jailing->loop.context(), time);
  one->deadline->async_wait([one](const boost::system::error_code& failed) {
    if (!failed && !one->ending) one->process->expire();
  });
}

void ProcessesDesk::Body::watch(const Shared& one) {
  one->watch->async_wait(service::Descriptor::wait_read,
                         [self = shared_from_this(), one](const boost::system::error_code& failed) {
                           if (!failed) self->look(one);
                         });
}

// The handle of a process that dies of a signal may speak before it has ended. All of /proc is looked through for what
// a leader leaves behind.
void ProcessesDesk::Body::look(const Shared& one) {
  if (one->ending) return;
  if (!one->process->ended()) return watch(one);
  one->signal(SIGKILL);  // what it leaves behind
  one->leader ? end_all_of(one) : reap(one);
}

// Meanwhile nobody here touches the process, which would have to be waited for.
void ProcessesDesk::Body::end_all_of(const Shared& one) {
  one->ending = true;
  one->leader = false;
  starts->aside([self = shared_from_this(), one = one, &loop = jailing->loop]() mutable {
    one->process->kill_session();
    loop.post([self = std::move(self), one] {
      one->ending = false;
      self->reap(one);
    });
  });
}

void ProcessesDesk::Body::reap(const Shared& one) {
  const auto end = one->process->wait(0ms);
  if (!end) return watch(one);
  service::Outcome outcome{end->status, end->usage, end->limit, {}};
  if (!end->limit.empty()) outcome.words = end->words;
  say(one, Verb::process_ended, pack_outcome(outcome));
  one->watch.reset();
  one->deadline.reset();
  forget(one);
}

ProcessesDesk::ProcessesDesk(const Jailing* jailing, const std::string& plugin, const std::string& folder, Tell tell,
                             OwnJailRules rules)
    : m_body(std::make_shared<Body>()) {
  m_body->tell = std::move(tell);
  m_body->jailing = jailing;
  if (jailing) m_body->starts = std::make_shared<Starts>(*jailing, plugin, folder, std::move(rules));
}

ProcessesDesk::~ProcessesDesk() {
  reset();
  m_body->tell = nullptr;
}

void ProcessesDesk::file(Note note) {
  const auto number = unpack_file(note.fields);
  if (!number || !note.fd || m_body->file_count >= most_files_under_way) return;
  ++m_body->file_count;
  m_body->files[note.number].push_back({std::move(note.fd), *number});
}

void ProcessesDesk::start(const Note& note) {
  const auto body = m_body;
  auto files = body->files.extract(note.number);
  if (files) body->file_count -= files.mapped().size();
  if (body->all.contains(note.number)) return;
  auto arrived = note.data.size() > most_order ? std::nullopt : unpack_order(note.data);
  const auto one = std::make_shared<One>();
  one->number = note.number;
  if (const auto why = body->refusal(note, arrived, files ? files.mapped().size() : 0)) return body->fail(one, *why);
  Order& order = arrived->order;
  one->leader = order.leader || order.terminal;
  one->own = order.session.empty();
  one->stays = order.stays;
  if (files) order.files = std::move(files.mapped());
  body->all[note.number] = one;
  ++body->starting;
  body->starts->begin(std::move(order), [body, one](Starts::Started process, service::UniqueFd terminal) {
    body->started(one, std::move(process), std::move(terminal));
  });
}

void ProcessesDesk::signal(const Note& note) {
  const auto at = m_body->all.find(note.number);
  const auto what = Unpacker(note.fields).number();
  if (at != m_body->all.end() && what <= static_cast<std::uint64_t>(SIGRTMAX))
    at->second->signal(static_cast<int>(what));
}

void ProcessesDesk::drop(const Note& note) {
  const auto at = m_body->all.find(note.number);
  if (at == m_body->all.end()) return;
  at->second->dropped = true;
  if (at->second->process && !at->second->ending) at->second->process->kill();
}

// Of one that is not there yet it is said once it is, and of one that has gone nothing.
void ProcessesDesk::look(const Note& note) {
  const auto at = m_body->all.find(note.number);
  if (at == m_body->all.end()) return;
  if (at->second->process) return m_body->tell_hits(at->second);
  if (at->second->looks < most_early_looks) ++at->second->looks;
}

// They are reaped as they end; their numbers may be given again meanwhile. The plugin's own jail goes as a whole; in
// those of sessions, what left a group is still of the kernel's session that each process leads.
void ProcessesDesk::reset() {
  for (const auto& [number, one] : std::exchange(m_body->all, {})) {
    one->heard = false;
    one->dropped = true;
    if (!one->process || one->ending) continue;
    if (one->own) {
      one->process->kill();
      continue;
    }
    boost::system::error_code ignored;
    one->watch->cancel(ignored);
    m_body->end_all_of(one);
  }
  m_body->files.clear();
  m_body->file_count = 0;
  if (m_body->starts) m_body->starts->end();
}

}  // namespace berth::loader
