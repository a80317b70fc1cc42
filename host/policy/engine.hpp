// The policies of a host: asks them about calls and events, carries out what they say, and sees to it that one that
// throws or hangs refuses what could do harm and stalls nobody else. Everything on the I/O thread; nothing here waits.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "policy/approvals.hpp"
#include "policy/decisions.hpp"
#include "policy/judge.hpp"
#include "policy/ledger.hpp"
#include "policy/roster.hpp"
#include "policy/runner.hpp"
#include "service/clock.hpp"
#include "service/event_bus.hpp"
#include "service/event_loop.hpp"
#include "service/log.hpp"
#include "service/pool.hpp"
#include "service/timers.hpp"

namespace berth::policy {

class Engine : public Judge {
 public:
  // An operation that a policy calls, in whose name, in which session; once, with the answer or a problem, as JSON.
  struct Errand {
    std::string policy, operation, input, session;
    session::Scope scope;
    std::function<void(bool good, std::string json)> done;
  };
  struct Around {
    service::EventLoop& loop;
    service::Log& log;
    const service::Clock& clock;
    service::EventBus& events;
    service::Pool& pool;  // for what waits for a disk
    std::string program;  // that has `policy-host`
    std::function<void(Errand)> call;
    std::function<bool(const std::string& operation)> there;
    // Of a session, the turn that was opened last; null: there is no such session.
    std::function<std::optional<std::uint64_t>(const std::string& session)> turn;
    std::chrono::milliseconds longest_errand{30'000};  // that a hook waits for
  };
  explicit Engine(Around around);
  ~Engine() override;

  std::optional<service::Error> open(const std::string& folder);  // where they keep what they keep; once
  // The policies from here on. Those that run go on until the new ones are read; if one of these is broken they stay,
  // and `done` hears why.
  using Replaced = std::function<void(std::optional<service::Error>)>;
  void replace(Policies policies, Replaced done);
  void stop(std::function<void()> done);  // no more events, and their `stop` hooks; `done` once, soon
  void end();                             // what waits is dropped
  void operations_changed();              // others are there than before

  // Judge
  bool asks_before(const Asked& asked) override;
  bool asks_after(const Asked& asked) override;
  std::uint64_t before(const Asked& asked, Heard heard) override;
  std::uint64_t after(const Asked& asked, const Outcome& outcome, Heard heard) override;
  void forget(std::uint64_t ticket) override;

  // By whoever counts what no policy sees, such as tokens; they hear of it as the event session.charged.
  std::optional<service::Error> charge(const std::string& session, const std::map<std::string, double>& amounts);
  Approvals& approvals() { return m_approvals; }
  const Decisions& decisions() const { return m_decisions; }
  nlohmann::json facts() const;  // for /status
  std::map<std::string, double> charged(const std::string& session) const { return m_ledger.charged(session); }

 private:
  struct Pending {
    Question question;
    Heard heard = {};                            // null: nobody waits
    std::function<void()> over = {};             // whatever came of it: of hooks that nobody waits for
    std::optional<std::uint64_t> waits_in = {};  // the script whose hook waits for an operation
    std::uint64_t errand = 0;                    // which one: the timer of its limit
    bool done = false;                           // the hooks have spoken; it is delayed, or parked
    std::set<std::string> spared = {};           // policies that are not asked about it any more
    std::uint64_t deaths = 0;                    // of the process when this was first in line, and nobody at work
  };
  using Answers = std::map<std::uint64_t, Pending>;
  struct Coming {  // to take the place of those that run, once they are read
    std::shared_ptr<Roster> roster;
    std::shared_ptr<Runner> runner;
    Replaced done;
    std::vector<Ledger::Entry> late;  // kept since they were told what is kept
  };

  // engine.cpp
  std::uint64_t ask(Pending pending);
  void put(Pending& pending);
  void plan(Pending& pending);
  std::optional<std::uint64_t> silent_among(const std::vector<Place>& hooks) const;
  std::optional<Verdict> resting(Pending& pending);
  void on_answer(const Answer& answer);
  Verdict verdict_of(Pending& pending, const Answer& answer, const Step*& parks, double& delay);
  service::Error failure(std::uint64_t script, std::uint64_t line, const std::string& words, HookKind kind) const;
  service::Error unjudged(const Question& question, const std::string& why) const;
  void give(std::uint64_t id, Verdict verdict);
  void pass(std::uint64_t id, Verdict verdict, const Step& parks);
  void finish(std::uint64_t id, Verdict verdict, double delay, std::optional<Step> parks);

  // engine_said.cpp
  void hear(const std::string& session, const Said& said);
  void note(const Question& question, const Answer& answer);
  void note(const Question& question, std::vector<Decision::Word> words);
  void on_waiting(Waiting waiting);
  void resume(std::uint64_t id, std::uint64_t errand, bool good, std::string answer);
  void begin_rounds();
  void listen();
  void say_lost();
  void hold_again(const Pending& pending);
  void pump();
  void tell(const service::Event& event);
  void tick(Place place);
  void ask_alone(HookKind kind, std::vector<Place> hooks, std::string session = {}, std::string topic = {},
                 std::string data = {}, std::function<void()> over = {});

  // engine_life.cpp
  std::shared_ptr<Runner> make_runner(const Roster& roster);
  std::shared_ptr<Runner> start(const Roster& roster);
  void read(Runner& runner, const Roster& roster);
  void give_up_coming(std::string why);
  void on_coming(std::string_view frame);
  void on_frame(const Runner* from, std::string_view frame);
  void on_loaded(Loaded loaded);
  void forget_session(const std::string& session);
  void swap_in(std::shared_ptr<Roster> roster, std::shared_ptr<Runner> runner);
  void say(service::Level level, std::string_view message, const service::Log::Fields& fields) const;

  // engine_death.cpp
  void launch();
  void on_died(const Runner* who, const Runner::Death& death);
  void condemn(const Runner::Death& death);
  Answers::iterator first_owed();
  std::optional<Verdict> without(Pending& pending, std::uint64_t script, std::uint64_t line, const std::string& why);
  std::optional<Verdict> without_process(Pending& pending, const std::string& why);
  void ask_anew();

  const Around m_around;
  Ledger m_ledger;
  Decisions m_decisions;
  Approvals m_approvals;
  std::shared_ptr<Roster> m_roster;  // never null
  std::shared_ptr<Runner> m_runner;  // null: none is needed, or it is about to be started
  std::shared_ptr<Runner> m_spare;   // a process that has read nothing yet, for the next death
  std::optional<Coming> m_coming;
  Answers m_pending;
  std::vector<std::string> m_layers;  // that confine the process, as it says
  std::map<std::uint64_t, std::unique_ptr<boost::asio::steady_timer>> m_delays;
  std::uint64_t m_last = 0;
  std::size_t m_asked = 0;                     // questions that the process has and has not answered
  std::uint64_t m_restarts = 0, m_deaths = 0;  // the second in a row, without an answer between
  boost::asio::steady_timer m_patience;        // before the next start
  boost::asio::steady_timer m_last_word;       // for `stop` hooks
  service::Timers m_timers;
  std::vector<std::uint64_t> m_rounds;                              // timers
  std::set<std::pair<std::uint64_t, std::uint64_t>> m_ticking;      // hooks of `every` that have not come back
  std::shared_ptr<service::EventBus::Listener> m_listener, m_gone;  // events for hooks; sessions that end
  bool m_hears = false;                                             // the process has read its texts
  std::set<std::string> m_events_out;                               // sessions of whose events one is with the policies
  std::deque<service::Event> m_events_held;                         // behind those
  const std::shared_ptr<int> m_alive = std::make_shared<int>(0);    // for what is posted
  std::uint64_t m_events_lost = 0, m_events_said_lost = 0;          // by policies, since the host began
  std::uint64_t m_lost_pause = 0;                                   // a timer, before the log says so again
  bool m_ended = false;
};

}  // namespace berth::policy
