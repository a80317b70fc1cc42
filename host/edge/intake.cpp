// The checks of a request's head, in the order in which they are cheap and tell the least.
#include "edge/intake.hpp"

#include <algorithm>
#include <cctype>

#include "edge/guard.hpp"
#include "edge/target.hpp"
#include "edge/trace.hpp"
#include "service/text.hpp"

namespace berth::edge {

using service::Error;
using session::Scope;

namespace {

constexpr std::string_view uploads_prefix = "/uploads/";

// Of one coding and its weight: "gzip", "gzip; q=0.5".
bool takes_gzip(std::string_view coding) {
  const auto semicolon = coding.find(';');
  if (!service::equal_fold(service::trimmed(coding.substr(0, semicolon)), "gzip")) return false;
  if (semicolon == std::string_view::npos) return true;
  const std::string_view weight = coding.substr(semicolon + 1);
  const auto equals = weight.find('=');
  return equals == std::string_view::npos || weight.find_first_of("123456789", equals) != std::string_view::npos;
}

bool accepts_gzip(std::string_view field) {
  for (;;) {
    const auto comma = field.find(',');
    if (takes_gzip(field.substr(0, comma))) return true;
    if (comma == std::string_view::npos) return false;
    field.remove_prefix(comma + 1);
  }
}

Error unauthorised(bool had_token) {
  if (had_token) {
    return {401, "wrong_token", "this token is not known here, or it has expired",
            "berth token list shows the tokens there are; berth token create NAME makes one"};
  }
  return {401, "no_token", "this needs a bearer token",
          "send \"Authorization: Bearer TOKEN\"; the first token is in the file `token` of the state directory"};
}

Error token_in_path() {
  return {401, "token_in_path", "a token in the path opens WebSockets, and nothing else",
          "send \"Authorization: Bearer TOKEN\""};
}

class Judge {
 public:
  Judge(const RequestHead& head, const Arrival& arrival, Commons& commons, TokenMemory& memory)
      : m_head(head), m_arrival(arrival), m_commons(commons), m_memory(memory) {}

  Judged run() {
    introduce();
    m_out.error = decide();
    return std::move(m_out);
  }

 private:
  void introduce() {
    Inbound& in = m_out.inbound;
    in.version = m_head.version;
    in.method = m_head.method;
    in.keep_alive = m_head.keep_alive;
    in.gzip = accepts_gzip(m_head.value("Accept-Encoding"));
    in.began = m_commons.clock.now();
    in.asker = std::make_shared<session::Asker>();
    in.asker->peer = m_arrival.peer;
    in.asker->request_id = request_id_of(m_head.value("X-Request-Id"));
    in.asker->traceparent = traceparent_of(m_head.value("traceparent"));
  }

  std::optional<Error> decide() {
    auto target = parse_target(m_head.method, m_head.target);
    if (!target) {
      m_out.inbound.path = unread_target(m_head.target);
      return target.error();
    }
    Inbound& in = m_out.inbound;
    in.path = std::move(target->path);
    in.prefix = std::move(target->prefix);
    in.query = std::move(target->query);
    if (auto error = check_names(*target)) return error;
    m_authority = std::move(target->authority);
    m_token = std::move(target->token);
    if (m_head.find("Expect") && !service::equal_fold(m_head.value("Expect"), "100-continue")) {
      return Error{417, "expectation_failed", "the only expectation known here is 100-continue"};
    }
    if (target->asterisk) {
      m_out.preflight = true;
      in.allow = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"};
      return std::nullopt;
    }
    if (!target->session.empty()) in.asker->session = std::move(target->session);
    if (m_head.method == "OPTIONS") return preflight();
    return route();
  }

  std::optional<Error> check_names(const Target& target) {
    const std::string_view authority = target.authority.empty() ? m_head.value("Host") : target.authority;
    const bool old = m_head.version == 10 && !m_head.find("Host");
    if (!m_arrival.is_unix && !old) {
      if (auto error = check_host(authority, m_commons.options.hosts)) return error;
    }
    const auto origin = m_head.find("Origin");
    if (!origin) return std::nullopt;
    if (auto error = check_origin(*origin, authority, m_arrival.tls, m_commons.options.origins)) return error;
    m_out.inbound.allowed_origin = *origin;
    return std::nullopt;
  }

  // OPTIONS asks what a path can do; browsers ask it before they send, and without a token.
  std::optional<Error> preflight() {
    m_out.preflight = true;
    Inbound& in = m_out.inbound;
    in.allow = in.path.starts_with(uploads_prefix) ? std::vector<std::string>{"HEAD", "PATCH", "DELETE"}
                                                   : m_commons.dispatcher.table()->methods_of(in.path);
    if (in.allow.empty()) return not_found();
    in.allow.emplace_back("OPTIONS");
    return std::nullopt;
  }

  std::optional<Error> route() {
    Inbound& in = m_out.inbound;
    auto match = m_commons.dispatcher.table()->match(m_head.method, in.path);
    in.route = match.route;
    if (!m_arrival.is_unix && in.route && in.route->operation.kind == loader::Kind::http) in.origin = origin();
    const bool open = in.route && in.route->operation.scope == Scope::open;
    if (auto error = identify(open)) return error;
    if (m_commons.draining && !open) return draining();
    if (in.route) in.parameters = std::move(match.parameters);
    if (in.route && !in.path.starts_with(uploads_prefix)) {
      if (auto error = m_commons.dispatcher.admit(*in.route, *in.asker)) return error;
      return refuse_key(in.route->operation.kind);
    }
    if (auto error = check_session(in)) return error;
    if (in.path.starts_with(uploads_prefix)) {
      m_out.upload = in.path.substr(uploads_prefix.size());
      return std::nullopt;
    }
    in.allow = std::move(match.allow);
    return in.allow.empty() ? not_found() : not_allowed();
  }

  // Whoever sends a key relies on it: where none is kept, it is not passed over.
  std::optional<Error> refuse_key(loader::Kind kind) const {
    if (kind == loader::Kind::call || m_head.method != "POST" || !m_head.find("Idempotency-Key")) return std::nullopt;
    return Error{422, "no_idempotency", "only answers of operations of kind call are kept under an Idempotency-Key",
                 "leave the field out; streams are taken up again with Last-Event-ID, uploads with tus"};
  }

  // Of a path that leads to no operation. Whoever is bound to a session learns of no other.
  std::optional<Error> check_session(const Inbound& in) const {
    const auto& who = in.asker->who;
    if (who.session && *who.session != in.asker->session && in.asker->session != session::main_name)
      return session::wrong_session(*who.session);
    return m_commons.dispatcher.seated(nullptr, *in.asker);
  }

  std::optional<Error> identify(bool open) {
    session::Identity& who = m_out.inbound.asker->who;
    if (!m_commons.options.auth) {
      who = {"nobody", Scope::admin, std::nullopt};
      return std::nullopt;
    }
    auto secret = bearer_of(m_head);
    if (!m_token.empty() && !secret) {
      if (!opens_socket()) return token_in_path();
      secret = m_token;
    }
    if (open && !secret) return std::nullopt;
    if (!secret) return unauthorised(false);
    const auto generation = m_commons.tokens.generation();
    if (m_memory.generation == generation && !m_memory.secret.empty() && m_memory.secret == *secret) {
      who = m_memory.who;
      return std::nullopt;
    }
    auto found = m_commons.tokens.find(*secret);
    if (!found) return open ? std::nullopt : std::optional(unauthorised(true));
    m_memory = {std::string(*secret), generation, *found};
    who = std::move(*found);
    return std::nullopt;
  }

  // A path is written down in many places: what is in it opens as little as will do.
  bool opens_socket() const {
    const auto& route = m_out.inbound.route;
    return m_head.upgrade && route && route->operation.kind == loader::Kind::socket;
  }

  std::string origin() const {
    const std::string_view authority = m_authority.empty() ? m_head.value("Host") : m_authority;
    return authority.empty() ? "" : (m_arrival.tls ? "https://" : "http://") + std::string(authority);
  }

  Error draining() const {
    Error error{503, "draining", "this host is shutting down", "try again; another one may have taken its place"};
    error.retry_after = std::chrono::seconds(2);
    return error;
  }

  Error not_found() const {
    const Inbound& in = m_out.inbound;
    Error error{404, "not_found", "nothing answers " + in.asked_path(), "GET /operations lists what there is"};
    const auto near = m_commons.dispatcher.table()->near_paths(in.path);
    if (near.empty()) return error;
    error.hint = "did you mean ";
    for (std::size_t i = 0; i < near.size(); ++i) error.hint += (i ? " or " : "") + in.prefix + near[i];
    error.hint += "? GET /operations lists what there is";
    return error;
  }

  Error not_allowed() const {
    Error error{405, "method_not_allowed", m_out.inbound.asked_path() + " does not answer " + m_out.inbound.method,
                "use one of the methods in Allow"};
    error.allow = m_out.inbound.allow;
    error.allow.emplace_back("OPTIONS");
    return error;
  }

  const RequestHead& m_head;
  const Arrival& m_arrival;
  Commons& m_commons;
  TokenMemory& m_memory;
  std::string m_authority;  // of a target in absolute form
  std::string m_token;      // in the path
  Judged m_out;
};

}  // namespace

Judged judge(const RequestHead& head, const Arrival& arrival, Commons& commons, TokenMemory& memory) {
  return Judge(head, arrival, commons, memory).run();
}

}  // namespace berth::edge
