// One operation that a client has begun through a tool, a prompt or a resource: what it tells on its way, what it asks
// its client, and what becomes of it.
#pragma once

#include <berth/service/calls.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "catalogue.hpp"
#include "era.hpp"
#include "groups.hpp"
#include "stream.hpp"

namespace mcp {

class Run;
class Session;

// What a run needs around it. All of it under the lock.
class Around {
 public:
  virtual ~Around() = default;
  virtual berth::Calls& calls() = 0;
  virtual Stream::Lock& lock() = 0;
  virtual Json stamped(const Client& client, Json result) const = 0;
  // 2026-07-28: its client is to come back with this text.
  virtual std::string park(std::shared_ptr<Run> run) = 0;
  // Before: a request to its client; what comes back goes to responded().
  virtual void ask(const std::shared_ptr<Run>& run, const std::string& key, const Json& request) = 0;
  virtual void ended(Run& run) = 0;
  virtual const Settings& settings() const = 0;
  virtual std::uint64_t after(std::chrono::milliseconds time, std::function<void()> then) = 0;
  virtual void no_timer(std::uint64_t timer) = 0;
  virtual std::string keep_task(std::shared_ptr<Run> run) = 0;  // its id, or nothing
  virtual void task_changed(Run& run) = 0;                      // who listens is told
  virtual void tell(Run& run, const Json& message) = 0;         // of a task, where its client listens
  // A step of a tool that is none of an operation: what is known of scripts. Throws what its client is to read.
  virtual Json script(const std::string& verb, const Json& input, const Run& run) = 0;
};

constexpr std::chrono::milliseconds task_time = std::chrono::hours(1);  // that a task is kept

struct Owner {  // whose it is: nobody else finds it
  std::string caller, seat, group;
  bool operator==(const Owner& other) const {
    return caller == other.caller && seat == other.seat && group == other.group;
  }
};

// What is asked of a client, and what becomes of its answers.
struct Question {
  Json requests = Json::object();  // by their keys
  std::string operation;           // where the answers go; empty: they are a script's
  Json input;                      // of it
  // …with the answers in it; null: as `responses`.
  Json (*reply)(const Json& input, const Json& responses) = nullptr;
};
Question approval_question(const std::string& id, const std::string& operation, const std::string& reason);
Question script_question(const Json& step, const Json& said);
Question input_question(const std::string& cell, const std::string& prompt);

struct Order {
  std::shared_ptr<const Catalogue> catalogue;  // which `offer` is of
  const Offer* offer = nullptr;
  std::string uri;  // of a resource
  Json input;
  Owner owner;
  Scope scope = Scope::read;  // of its caller
  // What follows is another one's when a client of 2026-07-28 comes back.
  Client client;
  Json id;
  Json given = Json::object();                              // answers to what it may ask
  std::weak_ptr<Session> session = {};                      // none from 2026-07-28 on
  std::optional<std::chrono::milliseconds> task_time = {};  // 2025-11-25: it is wanted as a task, kept for so long
};

class Run : public std::enable_shared_from_this<Run> {
 public:
  Run(Around& around, Order order, std::shared_ptr<Stream> out)
      : m_around(around), m_order(std::move(order)), m_out(std::move(out)), m_step(m_order.offer) {}

  void start(const berth::Call& call);
  void cancel();  // its client wants nothing of it any more, and no job either
  void drop();    // it is not kept any more; a job goes on
  void client_left();
  // A client of 2026-07-28 that brings what was asked for; once, and for that question.
  void go_on(const berth::Call& call, const Order& again, std::shared_ptr<Stream> out);
  void responded(const berth::Call& call, const std::string& key, Json result);
  static std::string now_text();
  void refused(const std::string& why);  // an answer will not come: it ends

  const Order& order() const { return m_order; }
  const std::shared_ptr<Stream>& out() const { return m_out; }
  bool over() const { return m_over; }

  enum class Ending { completed, failed, cancelled };
  bool is_task() const { return !m_task.empty(); }
  const std::string& task() const { return m_task; }
  Json task_told(const char* type, bool detailed) const;
  Json task_of_session() const;  // as 2025-11-25 tells it
  void task_updated(const berth::Call& call, const Json& given);
  // What is to be called for it next is called in the name of whoever asks for it.
  void visited(const berth::Call& call);
  // 2025-11-25: its result goes there, and what it asks meanwhile.
  void wait_for_result(const berth::Call& call, std::shared_ptr<Stream> stream, Json id);
  // Of a task: the session that its client has now, where it is asked and told.
  void belongs_to(const std::shared_ptr<Session>& session) { m_order.session = session; }

  const Json& input() const { return m_input; }    // that its operation was called with
  const Offer& step() const { return *m_step; }    // that operation
  std::uint64_t posed() const { return m_posed; }  // its questions until now
  void close_waiters();                            // of a task: their session ends
  bool waits_for_approval() const { return m_waits_for_approval; }
  // Its call waits for somebody's word. False: its client is none who can say it.
  bool ask_approval(const std::string& id, const std::string& reason);
  // Its client has been away since then.
  bool abandoned(Stream::Clock::time_point since) const {
    return !is_task() && !m_out->attached() && m_out->alone_since() < since;
  }

 private:
  template <class Work>
  void guarded(const Work& work);
  berth::Ears ears();
  void begin();
  void call_operation(const Offer& operation, const Json& input);
  bool client_is_there();
  void catch_up();
  void pose(Question question);
  void answered(Json answer);
  void begin_familiar();
  void next_of_familiar();
  void one_of_familiar(Json answer);
  bool goes_on_without(const berth::Error& error);
  void ask_about_script(const Json& step);
  void script_answered(const berth::Call& call, const Json& responses);
  void got_file(const std::string& type, const std::string& name, const std::string& bytes);
  void heard(std::string_view bytes, std::string_view event);
  bool on_input_request(const Json& data);
  bool on_own_event(std::string_view event, const Json& data);
  bool follows(const Json& answer);
  void on_job(std::string_view event, const Json& job);
  bool job_is_unseen(const std::string& why);
  void cancel_job();
  void on_event(const std::string& event, const Json& data);
  void on_progress(const Json& data);
  void on_log(const Json& data);
  void on_ask(const Json& data);
  bool lacks(const Json& wanted);
  void ask_client(const Json& given = Json::object());
  void reply(const berth::Call& call, Json responses);
  bool may_be_task() const;
  void become_task();
  void begin_as_task();
  void task_ended(Ending how, Json outcome);
  void tell(Json message);
  void ask_in_session();
  std::string result_for(const Json& id) const;
  const char* state() const;  // of a task
  std::string told_key(const std::string& key) const;
  void begin_timers();
  void end_timers();
  void finished();
  void watched_enough();
  void on_file(int fd, const berth::Head& head);
  void succeed(Json result);
  void fail(const berth::Error& error);
  void give_up(const berth::Error& error);
  void wrong(const Wrong& wrong);
  void end(std::string message, int status = 200);

  Around& m_around;
  Order m_order;
  std::shared_ptr<Stream> m_out;
  std::optional<berth::Call> m_call;  // while its client waits: for what is done in its name
  std::uint64_t m_number = 0, m_timer = 0, m_task_timer = 0;
  bool m_over = false, m_parked = false;
  std::string m_task, m_begun, m_changed;  // its id and times, if it is one
  std::optional<Step> m_due;               // what is called once its client is there again
  bool m_unheard = false;                  // a cell's input(), which has its end once its client is there again
  std::vector<std::pair<std::shared_ptr<Stream>, Json>> m_waiters;
  int m_questions = 0;
  Ending m_ending = Ending::cancelled;
  Json m_outcome;
  std::function<void()> m_late;  // how it ended while it was parked
  const Offer* m_step;           // what is called now, which may be one of several
  Json m_input;
  static constexpr std::size_t most_steps = 600, most_waiters = 32;
  std::vector<Json> m_inputs;  // of a familiar tool that knows all of them before
  Json m_all = Json::array();  // what its operations were answered with
  Json m_events = Json::array(), m_result;
  std::string m_bytes;  // of a download in pieces
  std::string m_job;    // that is followed
  bool m_job_over = false;
  double m_progress = 0;  // of it
  std::size_t m_told = 0;
  bool m_cut = false;
  std::uint64_t m_steps = 0;
  Question m_asked;
  std::uint64_t m_posed = 0,
                m_parked_for = 0;  // how many questions there were; the one that its client was sent away with
  bool m_waits_for_approval = false;
  std::string m_cell;  // that it is
  Json m_responses = Json::object();
};

}  // namespace mcp
