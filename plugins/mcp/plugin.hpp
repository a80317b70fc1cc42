// The mcp plugin: a client's HTTP in, the host's operations out, in the client's own name.
#pragma once

#include <berth/plugin.hpp>
#include <berth/service/calls.hpp>
#include <berth/service/events.hpp>
#include <berth/service/timers.hpp>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "groups.hpp"
#include "run.hpp"
#include "scripts.hpp"
#include "session.hpp"

namespace mcp {

// One request of a client, and where its answer goes.
struct Request {
  berth::Call call;
  Message message;
  Client client;
  Viewer viewer;
  Selection selection;
  std::shared_ptr<Session> session;  // null from 2026-07-28 on
  std::shared_ptr<Stream> shared;    // of HTTP+SSE: where the answer goes, and the call is answered 202
  bool one_of_many = false;          // of a batch, which answers the call

  // What a method answers, as text.
  void reply(std::string text, int status = 200) const {
    if (shared) return accept(std::move(text));
    berth::Head head{"application/json"};
    head.status = status;
    call.answer(head, text);
  }
  void accept(std::string text = {}) const {
    berth::Head nothing;
    nothing.status = 202;
    if (!one_of_many) call.answer(nothing, {});
    if (shared && !text.empty()) shared->answer(std::move(text));
  }
};

class Plugin : public Around {
 public:
  using Declaration = berth::Declaration<Plugin>;
  static void declare(Declaration& d);
  static void declare_scripts(Declaration& d);
  explicit Plugin(const berth::Context& context);
  ~Plugin() override;

  void speak(berth::Call call);    // /mcp, /servers/{server}/mcp
  void sse(berth::Call call);      // /servers/{server}/sse
  void message(berth::Call call);  // /servers/{server}/messages
  void servers(berth::Call call);
  void scripts(berth::Call call);
  void approve_script(berth::Call call);

  // Around
  berth::Calls& calls() override { return m_calls; }
  Stream::Lock& lock() override { return m_lock; }
  Json stamped(const Client& client, Json result) const override;
  std::string park(std::shared_ptr<Run> run) override;
  void ask(const std::shared_ptr<Run>& run, const std::string& key, const Json& request) override;
  void ended(Run& run) override;
  const Settings& settings() const override { return m_settings; }
  std::uint64_t after(std::chrono::milliseconds time, std::function<void()> then) override {
    return m_timers.after(time, std::move(then));
  }
  std::string keep_task(std::shared_ptr<Run> run) override;
  void task_changed(Run& run) override;
  void tell(Run& run, const Json& message) override;
  void no_timer(std::uint64_t timer) override { m_timers.cancel(timer); }
  Json script(const std::string& verb, const Json& input, const Run& run) override;

 private:
  struct Listener {  // of 2026-07-28: subscriptions/listen
    std::shared_ptr<Stream> stream;
    Json id, wanted;
    std::string seat;
  };
  struct Kept {
    std::shared_ptr<Run> run;
    Owner owner;
    std::chrono::steady_clock::time_point until;
  };
  using AllKept = std::map<std::string, Kept>;  // by names that nobody guesses
  using Method = void (Plugin::*)(Request&);

  Json servers_for(const Viewer& viewer) const;

  // endpoint.cpp
  void post(const berth::Call& call, const Selection& selection);
  void get(const berth::Call& call, const Selection& selection);
  void remove(const berth::Call& call, const Selection& selection);
  void legacy(Request request);
  void in_session(Request& request);
  void modern(Request request);
  void initialize(Request& request);
  void notified(const Request& request);
  // `asked`: the id of the request, if it is one.
  std::shared_ptr<Session> session_of(const berth::Call& call, const Selection& selection, const Json& asked);
  const Group& group(const std::string& name) const;
  static Owner owner_of(const berth::Call& call, const Selection& selection);
  static Method common_method(std::string_view name);

  // batch.cpp
  static bool read(const berth::Call& call, Json& json);
  static std::optional<Message> read_one(const berth::Call& call, Json json);
  void batch(const berth::Call& call, const Selection& selection, Json messages,
             const std::shared_ptr<Session>& session);
  void one_of_batch(Request request);

  // answers.cpp
  static void refuse(const berth::Call& call, const Json& id, const Wrong& wrong, bool modern);
  void answer(const Request& request, Json result) const;
  static const Json& server_info();
  static void refuse(const Request& request, const Wrong& wrong);
  void discover(Request& request);
  Json capabilities(const Client& client) const;
  Json instructions(const Request& request) const;
  void ping(Request& request);
  void set_level(Request& request);
  void subscribe(Request& request);
  void unsubscribe(Request& request);
  void listen(Request& request);

  // lists.cpp
  void list_tools(Request& request);
  void list_prompts(Request& request);
  void list_resources(Request& request);
  void list_templates(Request& request);
  void list(Request& request, const char* field, const std::vector<const Offer*>& offers);
  void complete(Request& request);

  // running.cpp
  void call_tool(Request& request);
  void get_prompt(Request& request);
  void read_resource(Request& request);
  Order order_of(const Request& request, const Offer* offer, Json input) const;
  bool read_named(Request& request, const char* what, std::string& name, Json& arguments);
  void begin(Request& request, Order order);
  bool take_up(Request& request, const Order& order);
  bool has_room(const Request& request);
  std::shared_ptr<Stream> stream_of(const Request& request);
  static void attach(const std::shared_ptr<Stream>& stream, const berth::Call& call, const std::shared_ptr<Run>& run);
  // Ends it. False: there is none like that.
  static bool drop_oldest(AllKept& all, const std::function<bool(const Kept&)>& which);
  void remember(const std::shared_ptr<Stream>& stream);

  // tasks.cpp
  void get_task(Request& request);
  void update_task(Request& request);
  void cancel_task(Request& request);
  void task_result(Request& request);
  void list_tasks(Request& request);
  static bool knows_tasks(const Request& request);
  std::shared_ptr<Run> find_task(const Request& request, const Json& id) const;
  std::shared_ptr<Run> task_of(Request& request);

  // changes.cpp
  void wait_for_known(const berth::Call& call, std::function<void()> then);
  void look();  // at what the host offers
  void looked(const Json& operations);
  void heard(const berth::Event& event);
  void approval_asked(const berth::Event& event);
  std::shared_ptr<Run> waiting_for(const std::string& caller, const std::string& session, const Json& approval) const;
  void tell_changed(const char* what, const char* filter);
  void beat();

  // watching.cpp
  void watch_files(const berth::Call& call, const Json& uris);
  void end_watches();
  void tell_updated(const std::string& uri, const std::string* seat = nullptr);

  void tidy();
  static void drop_old(AllKept& all);

  const berth::Log m_log;
  const Settings m_settings;
  const Groups m_groups;
  berth::Calls m_calls;
  berth::Events m_events;
  berth::Timers m_timers;
  Stream::Lock m_lock;  // guards what follows
  std::shared_ptr<const Catalogue> m_catalogue = std::make_shared<const Catalogue>();
  bool m_known = false;                                              // what the host offers
  std::uint64_t m_heard = 0, m_beats = 0, m_tidies = 0, m_look = 0;  // a subscription, timers, a call
  bool m_look_again = false, m_looking = false;
  std::vector<std::function<void()>> m_waiting;  // for it to be known
  Sessions m_sessions;
  Scripts m_scripts;
  AllKept m_parked, m_tasks;
  std::map<std::string, std::map<const Run*, std::weak_ptr<Run>>> m_runs;  // under way, by caller
  std::map<std::string, std::uint64_t> m_watches;                          // of workspaces, by session of Berth's
  std::map<std::uint64_t, Listener> m_listeners;
  std::uint64_t m_last_listener = 0;
  std::vector<std::weak_ptr<Stream>> m_streams;  // that may want a heartbeat
  std::size_t m_tidy_at = 256;
};

}  // namespace mcp
