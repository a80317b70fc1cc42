// The inbox, and who gets which note.
#include "loader/desk/host_desk.hpp"

#include "loader/process/frame.hpp"

namespace berth::loader {

namespace {

std::vector<std::string> names_of(const Manifest& manifest) {
  std::vector<std::string> names;
  for (const auto& operation : manifest.operations) names.push_back(operation.name);
  return names;
}

// Which service a note belongs to.
const char* service_of(Verb verb) {
  switch (verb) {
    case Verb::publish:
    case Verb::subscribe:
    case Verb::unsubscribe:
    case Verb::heard: return "berth.events/1";
    case Verb::measure: return "berth.metrics/1";
    case Verb::job_begin:
    case Verb::job_report:
    case Verb::job_done:
    case Verb::job_failed: return "berth.jobs/1";
    case Verb::call_start:
    case Verb::call_taken:
    case Verb::call_cancel: return "berth.calls/1";
    case Verb::process_file:
    case Verb::process_start:
    case Verb::process_signal:
    case Verb::process_look:
    case Verb::process_drop: return "berth.process/1";
    case Verb::workspace_ask: return "berth.workspace/1";
    default: return "";
  }
}

}  // namespace

HostDesk::HostDesk(const HostServices& host, const Manifest& manifest, std::set<std::string> services, Rights rights,
                   OwnJailRules jail)
    : m_host(host),
      m_operations(names_of(manifest)),
      m_services(std::move(services)),
      m_events(host.events, host.log, manifest.name, [this](Note note) { tell(std::move(note)); }),
      m_metrics(host.metrics, manifest.name),
      m_jobs(host.jobs, manifest.name, [this](Note note) { tell(std::move(note)); }),
      m_calls(host.calls, manifest.name, std::move(rights), [this](Note note) { tell(std::move(note)); }),
      m_processes(
          host.jailing, manifest.name, host.folder_of(manifest.name), [this](Note note) { tell(std::move(note)); },
          std::move(jail)),
      m_workspaces(host.loop, host.disk, host.workspaces) {
  m_jobs.on_cancel([this](std::uint64_t job) { m_calls.cancel_for_job(job); });
}

// Never served at once, even here: what it sets off may call into the plugin, which is still in the middle of its own.
void HostDesk::take(Note note, std::shared_ptr<Reply> call) {
  bool first = false;
  {
    const std::lock_guard lock(m_mutex);
    first = m_inbox.empty();
    m_inbox.emplace_back(std::move(note), std::move(call));
  }
  if (!first) return;
  m_host.loop.post([weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->work_off();
  });
}

void HostDesk::work_off() {
  std::vector<std::pair<Note, std::shared_ptr<Reply>>> notes;
  {
    const std::lock_guard lock(m_mutex);
    notes.swap(m_inbox);
  }
  for (auto& [note, call] : notes) serve(std::move(note), call);
}

void HostDesk::leave() {
  m_host.loop.post([self = shared_from_this()] {
    self->work_off();
    self->reset("the plugin has ended");
  });
}

void HostDesk::serve(Note note, const std::shared_ptr<Reply>& call) {
  if (!m_services.contains(service_of(note.verb))) {  // only a process that breaks the rules asks for it
    if (call && note.verb == Verb::job_begin) call->fail({500, "plugin_error", "the plugin has no jobs"});
    return;
  }
  switch (note.verb) {
    case Verb::publish: return m_events.publish(std::move(note));
    case Verb::subscribe: return m_events.subscribe(note);
    case Verb::unsubscribe: return m_events.unsubscribe(note);
    case Verb::heard: return m_events.heard(note);
    case Verb::measure: return m_metrics.measure(note);
    case Verb::job_begin: return begin_job(note, call);
    case Verb::job_report: return m_jobs.report(note);
    case Verb::job_done: return m_jobs.done(std::move(note));
    case Verb::job_failed: return m_jobs.failed(note);
    case Verb::call_start: return start_call(std::move(note), call);
    case Verb::call_taken: return m_calls.taken(note);
    case Verb::call_cancel: return m_calls.cancel(note.number);
    case Verb::process_file: return m_processes.file(std::move(note));
    case Verb::process_start: return m_processes.start(note);
    case Verb::process_signal: return m_processes.signal(note);
    case Verb::process_drop: return m_processes.drop(note);
    case Verb::process_look: return m_processes.look(note);
    case Verb::workspace_ask: return open_workspace(note);
    default: return;
  }
}

void HostDesk::begin_job(const Note& note, const std::shared_ptr<Reply>& call) {
  m_jobs.begin(note.number, call, call ? m_operations.at(call->request().operation) : std::string());
}

void HostDesk::open_workspace(const Note& note) {
  m_workspaces.open(note, [weak = weak_from_this()](Note answer) {
    if (const auto self = weak.lock()) self->tell(std::move(answer));
  });
}

void HostDesk::start_call(Note note, const std::shared_ptr<Reply>& call) {
  const auto job = CallsDesk::job_of(note);
  auto asker = m_jobs.asker_of(job);
  m_calls.start(std::move(note), call, asker);
}

void HostDesk::reset(const std::string& why) {
  m_events.reset();
  m_metrics.reset();
  m_calls.reset();
  m_jobs.reset(why);
  m_processes.reset();
  m_workspaces.reset();
}

}  // namespace berth::loader
