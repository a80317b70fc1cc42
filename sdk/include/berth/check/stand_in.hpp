// A host of C functions that notes what a plugin does, so that one can be tried without Berth. It keeps what abi.h
// promises: a call is answered once, a call that is over is cancelled(), wait() returns once there is room.
#ifndef BERTH_CHECK_STAND_IN_HPP
#define BERTH_CHECK_STAND_IN_HPP

#include <berth/check/lent.hpp>
#include <berth/check/lent_tables.hpp>
#include <berth/check/lent_workspace.hpp>
#include <berth/check/outside.hpp>
#include <berth/check/services.hpp>
#include <berth/plugin.hpp>
#include <berth/service/health.h>
#include <berth/service/log.h>

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace berth::check {

struct Answer {  // what became of one call
  std::vector<std::string> chunks;
  std::vector<bool> binary;
  std::vector<std::string> names, ids;  // of events
  std::string how;                      // "send", "fail", "file", "finish" or "job"; empty while it is open
  std::string body;                     // send: the JSON; file: the content; finish: the reason
  berth_flow flow = BERTH_OK;           // what the last chunk or answer was told
  unsigned code = 0;                    // finish
  int status = 200;                     // fail
  std::string problem, message, hint;   // fail
  std::optional<Head> head;
  int strays = 0;        // answers after the first
  std::size_t sent = 0;  // chunks; only the first 10,000 are kept
  std::size_t late = 0;  // chunks after the client had left
  bool full = false;     // the client has not read what was sent
  bool over() const { return !how.empty(); }
};

class StandIn {
 public:
  struct LogLine {
    berth_level level;
    std::string text;
    Json fields;
  };

  StandIn() {
    m_table.raw = {sizeof(berth_host),
                   BERTH_ABI_MAJOR,
                   BERTH_ABI_MINOR,
                   &service,
                   &refuse,
                   &send,
                   &fail,
                   &file,
                   &begin,
                   &chunk,
                   &finish,
                   &wait,
                   &cancelled};
    m_table.owner = this;
    Services::belongs(api(), &m_services);
  }
  StandIn(const StandIn&) = delete;

  const berth_host* api() const { return &m_table.raw; }
  Services& services() { return m_services; }  // what it lends besides the log
  berth_call open() {
    const std::lock_guard lock(m_mutex);
    m_answers[++m_last];
    return m_last;
  }
  // How many chunks fit before the client counts as slow, and that it has read them.
  void room(std::size_t chunks) {
    const std::lock_guard lock(m_mutex);
    m_room = chunks;
  }
  void read_on(berth_call call) {
    {
      const std::lock_guard lock(m_mutex);
      m_full.erase(call);
      m_unread[call] = 0;
    }
    m_changed.notify_all();
  }
  void leave(berth_call call) {  // as the host does before it calls cancel()
    {
      const std::lock_guard lock(m_mutex);
      m_left.insert(call);
    }
    m_changed.notify_all();
  }
  Answer answer(berth_call call) const {
    const std::lock_guard lock(m_mutex);
    Answer answer = m_answers.at(call);
    answer.full = m_full.count(call) != 0;
    return answer;
  }
  // Lets go of what is known of a call that is over; a stray answer to it is then one to a call that never was.
  void forget(berth_call call) {
    const std::lock_guard lock(m_mutex);
    for (auto* set : {&m_left, &m_full}) set->erase(call);
    m_answers.erase(call);
    m_unread.erase(call);
  }
  // Returns once the condition on the call holds; false if that takes too long.
  template <class Condition>
  bool until(berth_call call, Condition condition, std::chrono::milliseconds patience = std::chrono::seconds(20)) {
    std::unique_lock lock(m_mutex);
    return m_changed.wait_for(lock, patience, [&] {
      Answer& answer = m_answers.at(call);
      answer.full = m_full.count(call) != 0;
      return condition(answer);
    });
  }
  bool until_over(berth_call call) {
    return until(call, [](const Answer& answer) { return !answer.how.empty(); });
  }
  bool until_waiting() {
    std::unique_lock lock(m_mutex);
    return m_changed.wait_for(lock, std::chrono::seconds(20), [&] { return m_waiting > 0; });
  }
  bool has_left(berth_call call) const {
    const std::lock_guard lock(m_mutex);
    return m_left.count(call) != 0;
  }
  std::vector<LogLine> log() const {
    const std::lock_guard lock(m_mutex);
    return m_log;
  }
  std::optional<Error> refusal() const { return m_refusal; }
  LentTimers& timers() { return m_timers; }
  LentFiles& files() { return m_files; }
  LentWorkspace& workspace() { return m_workspace; }
  LentHttp& http() { return m_http; }
  LentPrograms& programs() { return m_programs; }
  void drop() {  // as before destroy()
    m_timers.drop();
    m_http.errands().drop();
    m_programs.errands().drop();
  }

 private:
  friend struct LentTables<StandIn>;
  struct Table {
    berth_host raw{};
    StandIn* owner = nullptr;
  };
  static StandIn& of(const berth_host* host) { return *reinterpret_cast<const Table*>(host)->owner; }
  static std::string copy(berth_text text) { return text.data ? std::string(text.data, text.size) : std::string(); }
  static Head head_of(const berth_head* head) {
    return {copy(head->type), copy(head->name), copy(head->etag), head->page == 1};
  }

  static const void* service(const berth_host*, berth_text id) {
    static constexpr berth_log log{sizeof(berth_log), &write};
    const std::string name = copy(id);
    if (name == BERTH_LOG) return &log;
    const void* own = LentTables<StandIn>::find(name);
    return own ? own : Services::table(name);
  }
  static void write(const berth_host* host, berth_level level, berth_text message, berth_text fields) {
    const std::lock_guard lock(of(host).m_mutex);
    if (of(host).m_log.size() >= 1000) return;
    of(host).m_log.push_back({level, copy(message), fields.size ? Json::parse(copy(fields), nullptr, false) : Json()});
  }
  static void refuse(const berth_host* host, const berth_failure* why) {
    of(host).m_refusal = Error(why->status, copy(why->code), copy(why->message), copy(why->hint));
  }

  template <class Note>
  static berth_flow last(const berth_host* host, berth_call call, const char* how, Note note) {
    StandIn& here = of(host);
    berth_flow flow = BERTH_OK;
    {
      const std::lock_guard lock(here.m_mutex);
      const auto at = here.m_answers.find(call);
      if (at == here.m_answers.end()) return BERTH_WRONG;
      if (!at->second.how.empty()) {
        ++at->second.strays;
        return BERTH_WRONG;
      }
      note(at->second);
      at->second.how = how;
      flow = at->second.flow = here.m_left.count(call) ? BERTH_GONE : BERTH_OK;
    }
    here.m_changed.notify_all();
    return flow;
  }
  static berth_flow send(const berth_host* host, berth_call call, berth_text json) {
    return last(host, call, "send", [&](Answer& answer) { answer.body = copy(json); });
  }
  static berth_flow fail(const berth_host* host, berth_call call, const berth_failure* why) {
    return last(host, call, "fail", [&](Answer& answer) {
      answer.status = why->status;
      answer.problem = copy(why->code);
      answer.message = copy(why->message);
      answer.hint = copy(why->hint);
    });
  }
  static berth_flow file(const berth_host* host, berth_call call, int fd, const berth_head* head) {
    std::string content(1u << 20, '\0');
    const ssize_t got = ::pread(fd, content.data(), content.size(), 0);
    ::close(fd);
    content.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    return last(host, call, "file", [&](Answer& answer) {
      answer.body = content;
      answer.head = head_of(head);
    });
  }
  static berth_flow finish(const berth_host* host, berth_call call, uint32_t code, berth_text reason) {
    return last(host, call, "finish", [&](Answer& answer) {
      answer.code = code;
      answer.body = copy(reason);
    });
  }
  static berth_flow begin(const berth_host* host, berth_call call, const berth_head* head) {
    StandIn& here = of(host);
    const std::lock_guard lock(here.m_mutex);
    const auto at = here.m_answers.find(call);
    if (at == here.m_answers.end() || at->second.over()) return BERTH_WRONG;
    at->second.head = head_of(head);
    return here.m_left.count(call) ? BERTH_GONE : BERTH_OK;
  }
  static berth_flow chunk(const berth_host* host, berth_call call, const berth_chunk* chunk) {
    StandIn& here = of(host);
    berth_flow flow = BERTH_OK;
    {
      const std::lock_guard lock(here.m_mutex);
      const auto at = here.m_answers.find(call);
      if (at == here.m_answers.end()) return BERTH_WRONG;
      Answer& answer = at->second;
      if (answer.over()) return answer.flow = BERTH_WRONG;
      if (here.m_left.count(call)) return ++answer.late, answer.flow = BERTH_GONE;
      if (++answer.sent <= 10'000) keep(answer, *chunk);
      if (++here.m_unread[call] >= here.m_room) here.m_full.insert(call);
      flow = answer.flow = here.m_full.count(call) ? BERTH_FULL : BERTH_OK;
    }
    here.m_changed.notify_all();
    return flow;
  }
  static void keep(Answer& answer, const berth_chunk& chunk) {
    answer.chunks.push_back(copy(chunk.bytes));
    answer.binary.push_back(chunk.binary != 0);
    answer.names.push_back(copy(chunk.event));
    answer.ids.push_back(copy(chunk.id));
  }
  static berth_flow wait(const berth_host* host, berth_call call) {
    StandIn& here = of(host);
    std::unique_lock lock(here.m_mutex);
    ++here.m_waiting;
    here.m_changed.notify_all();
    here.m_changed.wait(lock, [&] { return !here.m_full.count(call) || here.m_left.count(call); });
    --here.m_waiting;
    return here.m_left.count(call) || !here.m_answers.count(call) ? BERTH_GONE : BERTH_OK;
  }
  static int cancelled(const berth_host* host, berth_call call) {
    const StandIn& here = of(host);
    const std::lock_guard lock(here.m_mutex);
    const auto at = here.m_answers.find(call);
    return at == here.m_answers.end() || !at->second.how.empty() || here.m_left.count(call) ? 1 : 0;
  }

  // A job answers its call.
  bool take_over(berth_call call) {
    return last(api(), call, "job", [](Answer& answer) { answer.status = 202; }) != BERTH_WRONG;
  }

  Table m_table;
  LentTimers m_timers;
  LentFiles m_files;
  LentWorkspace m_workspace;
  Services m_services{[this](berth_call call) { return take_over(call); }};
  LentHttp m_http{[this](std::function<void()> what) { m_services.later(std::move(what)); }};
  LentPrograms m_programs{[this](std::function<void()> what) { m_services.later(std::move(what)); }};
  mutable std::mutex m_mutex;  // guards what follows
  std::condition_variable m_changed;
  std::map<berth_call, Answer> m_answers;
  std::map<berth_call, std::size_t> m_unread;
  std::set<berth_call> m_left, m_full;
  std::vector<LogLine> m_log;
  std::optional<Error> m_refusal;
  std::size_t m_room = 64;
  berth_call m_last = 0;
  int m_waiting = 0;
};

}  // namespace berth::check

#endif
