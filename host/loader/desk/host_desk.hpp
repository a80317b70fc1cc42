// The host's end of one plugin's services: takes what its instances say, whichever process they live in, checks and
// bounds it, and lets go of all they had when they are gone. Everything but take() and leave() is on the I/O thread.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "loader/desk/calls_desk.hpp"
#include "loader/desk/events_desk.hpp"
#include "loader/desk/jobs_desk.hpp"
#include "loader/desk/metrics_desk.hpp"
#include "loader/desk/processes_desk.hpp"
#include "loader/desk/workspaces_desk.hpp"
#include "loader/services/desk.hpp"
#include "loader/services/grants.hpp"
#include "service/log.hpp"
#include "service/loop.hpp"
#include "service/secret_source.hpp"

namespace berth::loader {

// What the host has, of which desks give plugins their part.
struct HostServices {
  service::Loop& loop;
  service::Log& log;
  std::string folder;  // holds each plugin's state folder; empty: there are none
  service::EventBus& events;
  service::PluginMetrics& metrics;
  service::JobStore& jobs;
  Caller& calls;
  const service::SecretEnvironment& environment;
  const Jailing* jailing = nullptr;           // null: no programs are started
  session::Workspaces* workspaces = nullptr;  // null: there are none
  service::Pool* disk = nullptr;              // threads for looking them up, not those that plugins wait on

  std::string folder_of(const std::string& plugin) const { return folder.empty() ? "" : folder + "/" + plugin; }
};

class HostDesk : public Desk, public std::enable_shared_from_this<HostDesk> {
 public:
  HostDesk(const HostServices& host, const Manifest& manifest, std::set<std::string> services, Rights rights,
           OwnJailRules jail = {});

  void take(Note note, std::shared_ptr<Reply> call) override;
  void connect(std::function<void(Note)> hear) override { m_hear = std::move(hear); }
  void leave() override;

  void cancelled(const Reply& call) override { m_calls.cancel_for(call); }
  // As take(), of what came over a link.
  void serve(Note note, const std::shared_ptr<Reply>& call);
  std::vector<HeldJob> jobs() const { return m_jobs.held(); }  // that go on
  void give_up_jobs(const std::string& why) { m_jobs.give_up(why); }
  // The instance is gone; another one may follow.
  void reset(const std::string& why);

 private:
  void work_off();
  void tell(Note note) const {
    if (m_hear) m_hear(std::move(note));
  }
  void open_workspace(const Note& note);
  void begin_job(const Note& note, const std::shared_ptr<Reply>& call);
  void start_call(Note note, const std::shared_ptr<Reply>& call);

  const HostServices m_host;
  const std::vector<std::string> m_operations;
  const std::set<std::string> m_services;
  std::function<void(Note)> m_hear;
  EventsDesk m_events;
  MetricsDesk m_metrics;
  JobsDesk m_jobs;
  CallsDesk m_calls;
  ProcessesDesk m_processes;
  WorkspacesDesk m_workspaces;

  std::mutex m_mutex;  // guards what follows
  std::vector<std::pair<Note, std::shared_ptr<Reply>>> m_inbox;
};

}  // namespace berth::loader
