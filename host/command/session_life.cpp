// See session_life.hpp.
#include "command/session_life.hpp"

#include <nlohmann/json.hpp>
#include <utility>

#include "service/text.hpp"

namespace berth::command {

using nlohmann::json;
using service::Error;
using service::Level;
using service::Result;
using session::Sessions;

namespace {

constexpr service::Pool::Options threads{8, 65'536};
constexpr std::chrono::seconds look{1};  // for those that have expired

Error busy() {
  Error error{503, "busy", "this host has no thread for another session now", "try again in a moment"};
  error.retry_after = std::chrono::seconds(1);
  return error;
}

}  // namespace

SessionLife::SessionLife(Parts parts)
    : m_parts(parts),
      m_timers(
          parts.loop, [](const std::function<void()>& tick) { tick(); }, 1),
      m_pool(threads) {}

void SessionLife::begin(const Sessions::Found& found, edge::Commons& commons) {
  m_commons = &commons;
  if (found.cleared > 0)
    m_parts.log.write(Level::warn, "sessions",
                      "sessions that a host that was killed had half made or half deleted are gone",
                      {{"count", static_cast<std::int64_t>(found.cleared)}});
  for (const auto& name : found.strange)
    m_parts.log.write(Level::warn, "sessions", "something in the folder of the sessions is none", {{"name", name}});
  for (const auto& [id, why] : found.broken) {
    m_parts.log.write(Level::error, "sessions", "a session cannot be used", {{"session", id}, {"reason", why}});
    publish("broken", id, "its record cannot be used");
  }
  for (const auto& id : found.lost) {
    m_parts.log.write(Level::warn, "sessions", "the processes of a session ended with the host before",
                      {{"session", id}});
    publish("lost", id, "its processes ended with the host before");
  }
  m_timers.add(look, look, [this](std::uint64_t, std::uint64_t) {
    expire();
    enforce_quotas();
    tell_limits();
  });
}

void SessionLife::end() {
  m_timers.end();
  m_pool.end();
}

// `then` hears on the I/O thread what came of the work.
template <class Work, class Then>
void SessionLife::apart(Work work, Then then) {
  const bool taken = m_pool.run([this, work, then] {
    auto outcome = std::make_shared<decltype(work())>(work());
    m_parts.loop.post([outcome, then] { then(std::move(*outcome)); });
  });
  if (!taken) then(busy());
}

void SessionLife::publish(const char* what, const std::string& id, const std::string& reason) {
  json data{{"session", id}};
  if (!reason.empty()) data["reason"] = reason;
  m_parts.events.publish({0, std::string("session.") + what, id, data.dump()});
}

void SessionLife::create(session::Wish wish, Done<Sessions::Created> done) {
  apart([this, wish = std::move(wish)] { return m_parts.sessions.create(wish); },
        [this, done = std::move(done)](Result<Sessions::Created> made) {
          if (made) {
            m_parts.events.guard(made->record.id);  // of one before it that had its name
            publish("created", made->record.id);
          }
          done(std::move(made));
        });
}

void SessionLife::turn(const std::string& id, Done<std::uint64_t> done) {
  apart([this, id] { return m_parts.sessions.next_turn(id); },
        [this, id, done = std::move(done)](Result<std::uint64_t> turn) {
          if (turn) {
            const json data{{"session", id}, {"turn", *turn}};
            m_parts.events.publish({0, "session.turn", id, data.dump()});
          }
          done(std::move(turn));
        });
}

void SessionLife::usage(const std::string& id, Done<session::Usage> done) {
  apart([this, id] { return m_parts.sessions.usage(id); }, std::move(done));
}

void SessionLife::remove(const std::string& id, std::function<void(std::optional<Error>)> done) {
  end_session(id, "was deleted", "deleted", std::move(done));
}

// Nobody comes in any more; then who is inside is sent away; then all is cleared.
void SessionLife::end_session(const std::string& id, const std::string& why, const char* what,
                              std::function<void(std::optional<Error>)> done) {
  if (auto error = m_parts.sessions.leave(id, why)) return done(std::move(error));
  m_parts.dispatcher.end_session(id, {410, "session_gone", "the session \"" + id + "\" " + why});
  m_parts.jobs.forget(id);
  m_commons->idempotency.forget_session(id);
  m_commons->streams.forget_session(id);
  const auto then = [this, id, why, what, done = std::move(done)](std::optional<Error> left) {
    if (left)
      m_parts.log.write(Level::error, "sessions", "a session could not be cleared away", {{"reason", left->message}});
    else
      m_parts.events.guard(id);
    publish(left ? "broken" : what, id, left ? left->code : "it " + why);
    done(std::move(left));
  };
  apart(
      [this, id] {
        m_commons->uploads.forget(id);
        return m_parts.sessions.remove(id);
      },
      then);
}

// Its files stay: whoever comes next makes room for them, and has until the next look to do so.
void SessionLife::enforce_quotas() {
  for (const auto& id : m_parts.sessions.to_measure()) {
    if (!m_measured.insert(id).second) continue;
    apart([this, id] { return m_parts.sessions.enforce_quota(id); },
          [this, id](const Result<std::string>& why) {
            m_measured.erase(id);
            if (!why && why.error().status >= 500)  // otherwise it has gone meanwhile
              m_parts.log.write(Level::error, "sessions", "a session's quota could not be seen to",
                                {{"session", id}, {"reason", why.error().message}});
            if (!why || why->empty()) return;
            m_parts.log.write(Level::warn, "sessions", "the processes of a session were killed",
                              {{"session", id}, {"reason", *why}});
            publish("over_quota", id, *why);
            const auto seat = m_parts.sessions.find(id);
            if (seat) publish_limit(id, {"disk", seat->record.limits.disk, 1, *why});
          });
  }
}

// All of them by one thread, for which a jail is a few microseconds' work.
void SessionLife::tell_limits() {
  auto ids = m_watching ? std::vector<std::string>() : m_parts.sessions.to_watch();
  if (ids.empty()) return;
  using Hits = std::vector<std::pair<std::string, jail::LimitHit>>;
  m_watching = true;
  apart(
      [this, ids = std::move(ids)]() -> Result<Hits> {
        Hits hits;
        for (const auto& id : ids)
          for (auto& hit : m_parts.sessions.limits_hit(id)) hits.emplace_back(id, std::move(hit));
        return hits;
      },
      [this](const Result<Hits>& hits) {
        m_watching = false;
        if (!hits) return;
        for (const auto& [id, hit] : *hits) {
          if (m_parts.sessions.find(id)) publish_limit(id, hit);  // it may be gone meanwhile
        }
      });
}

void SessionLife::publish_limit(const std::string& id, const jail::LimitHit& hit) {
  const json data{
      {"session", id}, {"limit", hit.limit}, {"bound", hit.bound}, {"times", hit.times}, {"reason", hit.words}};
  m_parts.events.publish({0, "session.limit", id, data.dump()});
}

// A job that goes on is as good as a call.
void SessionLife::expire() {
  for (const auto& id : m_parts.sessions.idle()) {
    const auto seat = m_parts.sessions.find(id);
    if (!seat) continue;
    if (m_parts.jobs.busy(id)) {
      m_parts.sessions.stay(id);  // and goes at once: the time begins anew
      continue;
    }
    const std::string why = "expired: no call for " + std::to_string(seat->record.ttl.count()) + " s";
    end_session(id, why, "expired", [](const auto&) {});
  }
}

}  // namespace berth::command
