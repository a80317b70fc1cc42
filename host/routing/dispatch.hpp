// The path of a call inside the host: ask policy, check its input, hand it to its provider, and bring the answer back
// with its audit line and its numbers. HTTP, MCP, Lua and other plugins all enter here.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "loader/provider.hpp"
#include "policy/judge.hpp"
#include "policy/rules.hpp"
#include "routing/table.hpp"
#include "service/audit.hpp"
#include "service/clock.hpp"
#include "service/error.hpp"
#include "service/log.hpp"
#include "service/loop.hpp"
#include "service/metrics.hpp"
#include "session/asker.hpp"
#include "session/roll.hpp"

namespace berth::routing {

// Who hears the answer. Called on the I/O thread only, never after the last of send, fail, file, finish.
class Sink {
 public:
  virtual ~Sink() = default;
  virtual void entered() {}  // the call was let in: its provider has it, or is about to
  // NOLINTNEXTLINE(performance-unnecessary-value-param): others keep it
  virtual void remaining(std::string) {}  // of a budget, for a header; before the answer begins
  virtual void send(std::string json) = 0;
  // As send(), with where to look further.
  virtual void accept(std::string json, const std::string&) { send(std::move(json)); }
  virtual void fail(service::Error error) = 0;
  virtual void file(service::UniqueFd fd, loader::Head head) = 0;
  virtual void begin(loader::Head head) = 0;
  virtual void chunk(loader::Chunk chunk) = 0;
  virtual void finish(std::uint32_t code, std::string reason) = 0;
};

// What a client asks for.
struct Ask {
  std::shared_ptr<const Route> route;
  std::shared_ptr<const session::Asker> asker;
  nlohmann::json input = nlohmann::json::object();
  std::string checked_input{};  // instead of it, if not empty: its text, which is known to fit
  std::string last_event_id{};
  service::UniqueFd body{};
  std::uint64_t body_size = 0;
  std::string body_type{}, body_name{};
  loader::RawRequest http{};
  bool announced = false;  // there is no body yet
  bool charged = false;    // the rules have been asked, when it was announced
};

// A call in progress, as its client holds it. I/O thread only.
class Call {
 public:
  virtual ~Call() = default;
  virtual void cancel() = 0;                     // nobody waits any more; the sink hears nothing more
  virtual void consumed(std::size_t bytes) = 0;  // of chunks: they have left the host
  virtual void message(loader::Chunk chunk, std::function<void()> done) = 0;
};

class LiveCall;

class Dispatcher {
 public:
  struct Parts {
    policy::Rules& rules;
    service::Audit& audit;
    service::Metrics& metrics;
    service::Log& log;
    const service::Clock& clock;
    service::Loop& loop;
    session::Roll& sessions;
    std::uint32_t most_calls;
    std::uint64_t stream_buffer;
    policy::Judge* judge = nullptr;  // null: there are no policies
  };
  explicit Dispatcher(Parts parts);

  std::shared_ptr<const Table> table() const { return m_table; }
  void limit(std::uint32_t most_calls, std::uint64_t stream_buffer) {
    m_parts.most_calls = most_calls;
    m_parts.stream_buffer = stream_buffer;
  }
  void judged_by(policy::Judge& judge) { m_parts.judge = &judge; }  // from now on
  void swap(std::shared_ptr<const Table> table) { m_table = std::move(table); }

  // What can be refused before a body is read: scope, session.
  std::optional<service::Error> admit(const Route& route, const session::Asker& asker) const;
  // Of them, whether the session that the asker names is there. Null: it is.
  std::optional<service::Error> seated(const Route* route, const session::Asker& asker) const;
  // What start() would say of rules and room now, for whoever is about to take a large body in.
  std::optional<service::Error> foresee(const Route& route, const session::Asker& asker);
  // Asks an upload's operation, if it wants to be asked, what it has against a body that is yet to come; a failure says
  // what. The rules are asked and it is charged here, and start() is told so; in the audit it is only if its client
  // leaves, since whoever asks goes on to start(), or refused(). As start() otherwise.
  std::shared_ptr<Call> announce(Ask&& ask, std::shared_ptr<Sink> sink);
  // Answers through the sink, perhaps before it returns. Null if the call was refused.
  std::shared_ptr<Call> start(Ask&& ask, std::shared_ptr<Sink> sink);
  // The audit line and the count of a call that was refused before start().
  void refused(const Route& route, const session::Asker& asker, const service::Error& error);

  std::size_t in_flight() const { return m_in_flight; }
  void end_session(const std::string& session, const service::Error& error);  // ends all calls in it
  session::Stay stay(const std::string& session);  // of somebody who makes no call yet; main needs none: null

 private:
  friend class LiveCall;
  std::optional<service::Error> judge(const Ask& ask);
  static std::optional<service::Error> misfit(const Ask& ask);
  std::shared_ptr<Call> begin(Ask&& ask, std::shared_ptr<Sink> sink);
  std::optional<service::Error> has_room(const Route& route) const;
  void seat(const std::shared_ptr<LiveCall>& call);
  void unseat(const LiveCall& call);
  struct End {
    std::string_view verdict;  // as in the audit
    int status;
    std::chrono::microseconds took;
  };
  void ended(const Route& route, const session::Asker& asker, const End& end);

  Parts m_parts;
  std::shared_ptr<const Table> m_table;
  service::Gauge& m_gauge;
  std::size_t m_in_flight = 0;
  struct Seated {
    std::weak_ptr<LiveCall> call;
    session::Stay stay;
  };
  std::unordered_map<std::string, std::map<const LiveCall*, Seated>> m_seated;  // main's are not here
};

}  // namespace berth::routing
