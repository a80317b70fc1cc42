// Admission, policy and input checks, then the provider.
#include "routing/dispatch.hpp"

#include <utility>
#include <vector>

#include "routing/live_call.hpp"

namespace berth::routing {

using service::Error;
using session::Scope;

Dispatcher::Dispatcher(Parts parts)
    : m_parts(parts), m_gauge(parts.metrics.gauge("berth_calls_in_flight", "Calls that have started and not ended.")) {}

std::optional<Error> Dispatcher::seated(const Route* route, const session::Asker& asker) const {
  if (asker.session == session::main_name || (route && route->operation.about_sessions)) return std::nullopt;
  return m_parts.sessions.refusal(asker);
}

std::optional<Error> Dispatcher::admit(const Route& route, const session::Asker& asker) const {
  const session::Identity& who = asker.who;
  const Scope needed = route.operation.scope;
  if (needed == Scope::open) return seated(&route, asker);
  if (who.scope < needed) {
    const std::string scope(session::name_of(needed));
    return Error{403, "forbidden",
                 route.operation.name + " needs a token of scope " + scope + "; \"" + who.name + "\" has " +
                     std::string(session::name_of(who.scope)),
                 "berth token create NAME --scope " + scope};
  }
  if (who.session && *who.session != asker.session) {
    return session::wrong_session(*who.session);
  }
  return seated(&route, asker);
}

std::optional<Error> Dispatcher::has_room(const Route& route) const {
  // Probes are answered by a busy host, too, and whoever looks after it must see it.
  const auto& operation = route.operation;
  const bool own = operation.scope == Scope::open || operation.about_sessions || operation.name.starts_with("host.");
  if (own || m_in_flight < m_parts.most_calls) return std::nullopt;
  Error busy{503, "busy", "this host carries " + std::to_string(m_in_flight) + " calls, its limit",
             "try again in a moment, or raise limits { calls = … }"};
  busy.retry_after = std::chrono::seconds(1);
  return busy;
}

std::optional<Error> Dispatcher::foresee(const Route& route, const session::Asker& asker) {
  if (auto error = has_room(route)) return error;
  if (route.operation.scope == Scope::open) return std::nullopt;
  return m_parts.rules.foresee(route.operation.name, asker.who);
}

std::optional<Error> Dispatcher::judge(const Ask& ask) {
  if (auto error = admit(*ask.route, *ask.asker)) return error;
  if (auto error = has_room(*ask.route)) return error;
  if (ask.route->operation.scope != Scope::open && !ask.charged) {
    if (auto error = m_parts.rules.before(ask.route->operation.name, ask.asker->who, ask.asker->session)) return error;
  }
  return misfit(ask);
}

std::optional<Error> Dispatcher::misfit(const Ask& ask) {
  if (!ask.checked_input.empty()) return std::nullopt;
  auto misfits = ask.route->input.check(ask.input);
  if (misfits.empty()) return std::nullopt;
  Error error{422, "invalid_input", "the input of " + ask.route->operation.name + " does not fit its schema",
              "GET /operations lists every operation with its schema"};
  error.misfits = std::move(misfits);
  return error;
}

std::shared_ptr<Call> Dispatcher::announce(Ask&& ask, std::shared_ptr<Sink> sink) {
  const bool wanted = ask.route->operation.announced;
  if (auto error = wanted ? judge(ask) : misfit(ask)) {
    sink->fail(std::move(*error));
    return nullptr;
  }
  if (!wanted) {
    sink->send({});
    return nullptr;
  }
  ask.announced = true;
  return begin(std::move(ask), std::move(sink));
}

std::shared_ptr<Call> Dispatcher::start(Ask&& ask, std::shared_ptr<Sink> sink) {
  if (auto error = judge(ask)) {
    refused(*ask.route, *ask.asker, *error);
    sink->fail(std::move(*error));
    return nullptr;
  }
  return begin(std::move(ask), std::move(sink));
}

std::shared_ptr<Call> Dispatcher::begin(Ask&& ask, std::shared_ptr<Sink> sink) {
  m_in_flight++;
  m_gauge.add(1);
  auto call = std::make_shared<LiveCall>(*this, std::move(ask), std::move(sink));
  if (call->request().asker->session != session::main_name && !call->about_sessions()) seat(call);
  call->invoke();
  return call;
}

void Dispatcher::seat(const std::shared_ptr<LiveCall>& call) {
  const std::string& session = call->request().asker->session;
  m_seated[session].emplace(call.get(), Seated{call, m_parts.sessions.stay(session)});
}

void Dispatcher::unseat(const LiveCall& call) {
  const std::string& session = call.request().asker->session;
  const auto at = m_seated.find(session);
  if (at == m_seated.end() || at->second.erase(&call) == 0) return;
  if (at->second.empty()) m_seated.erase(at);
}

// What one of them sets off may end others.
void Dispatcher::end_session(const std::string& session, const Error& error) {
  const auto at = m_seated.find(session);
  if (at == m_seated.end()) return;
  std::vector<std::shared_ptr<LiveCall>> calls;
  for (const auto& [place, seated] : at->second) {
    if (auto call = seated.call.lock()) calls.push_back(std::move(call));
  }
  for (const auto& call : calls) call->end(error);
}

session::Stay Dispatcher::stay(const std::string& session) {
  return session == session::main_name ? nullptr : m_parts.sessions.stay(session);
}

void Dispatcher::refused(const Route& route, const session::Asker& asker, const Error& error) {
  ended(route, asker, {error.code, error.status, {}});
}

void Dispatcher::ended(const Route& route, const session::Asker& asker, const End& end) {
  route.count(end.status, std::chrono::duration<double>(end.took).count());
  const Scope scope = route.operation.scope;
  if (scope == Scope::open) return;  // probes and the front page change nothing and concern nobody
  const service::Audit::Entry entry{m_parts.clock.wall(), asker.request_id, asker.trace_id(),
                                    route.operation.name, asker.who.name,   session::name_of(asker.who.scope),
                                    asker.session,        asker.peer,       end.verdict,
                                    end.status,           end.took};
  m_parts.audit.append(entry, scope != Scope::read);
}

}  // namespace berth::routing
