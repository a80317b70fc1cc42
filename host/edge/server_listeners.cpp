// Other listeners than before, while connections live on: what is new is opened first, and only when all of it stands
// does anything close. A certificate is read again even where its file has the same name, since it may have been
// renewed.
#include <algorithm>
#include <utility>

#include "edge/listener.hpp"
#include "edge/server.hpp"

namespace berth::edge {

using service::Error;

namespace {

using Listeners = std::vector<std::shared_ptr<Listener>>;

struct Plan {
  std::vector<Listen> wanted;
  Listeners next;                  // one for each that is wanted
  std::vector<Listener::Tls> tls;  // of those that stay
  Listeners fresh, going;
  Listeners closed = {};  // of those that go, so far
};

bool holds(const Listeners& all, const std::shared_ptr<Listener>& one) {
  return std::find(all.begin(), all.end(), one) != all.end();
}

// Who listens there already stays: first those of whom nothing changes, then those who get another certificate.
void keep(Plan& plan, const Listeners& now) {
  for (const bool same_tls : {true, false}) {
    for (std::size_t i = 0; i < plan.wanted.size(); ++i) {
      const auto fits = [&](const auto& one) {
        return one->what().address == plan.wanted[i].address && !holds(plan.next, one) &&
               (!same_tls || one->what().tls == plan.wanted[i].tls);
      };
      const auto found = plan.next[i] ? now.end() : std::find_if(now.begin(), now.end(), fits);
      if (found != now.end()) plan.next[i] = *found;
    }
  }
  for (const auto& one : now) {
    if (!holds(plan.next, one)) plan.going.push_back(one);
  }
}

std::string port_of(const Listener& listener) {
  const std::string& address = listener.what().address;
  return address.substr(address.rfind(':') + 1);
}

// 127.0.0.1:80 is in the way of 0.0.0.0:80, and so closed first.
std::optional<Error> open_one(Listener& fresh, Plan& plan) {
  auto error = fresh.open();
  if (!error || error->code != Listener::in_the_way) return error;
  bool closed = false;
  for (const auto& one : plan.going) {
    if (port_of(*one) != port_of(fresh) || holds(plan.closed, one)) continue;
    one->close();
    plan.closed.push_back(one);
    closed = true;
  }
  return closed ? fresh.open() : error;
}

// All, or none: then what was closed on the way is opened again.
std::optional<Error> open_fresh(Server& server, Plan& plan) {
  std::optional<Error> error;
  for (std::size_t i = 0; i < plan.wanted.size() && !error; ++i) {
    if (plan.next[i]) continue;
    plan.fresh.push_back(std::make_shared<Listener>(server, plan.wanted[i]));
    plan.next[i] = plan.fresh.back();
    error = open_one(*plan.fresh.back(), plan);
  }
  if (!error) return std::nullopt;
  for (const auto& one : plan.fresh) one->close();
  for (const auto& one : plan.closed) {
    if (const auto lost = one->open())
      error->message += "; and " + lost->message;
    else
      one->accept();
  }
  return error;
}

}  // namespace

std::optional<Error> Server::listen_anew(const std::vector<Listen>& wanted) {
  Plan plan{wanted, Listeners(wanted.size()), std::vector<Listener::Tls>(wanted.size()), {}, {}};
  keep(plan, m_listeners);
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (!plan.next[i]) continue;
    auto tls = Listener::read_tls(wanted[i]);
    if (!tls) return tls.error();
    plan.tls[i] = std::move(*tls);
  }
  if (auto error = open_fresh(*this, plan)) return error;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (!holds(plan.fresh, plan.next[i])) plan.next[i]->become(wanted[i], std::move(plan.tls[i]));
  }
  for (const auto& one : plan.going) {
    m_commons.log.write(service::Level::info, "edge", "no longer listening", {{"address", one->what().address}});
    one->close();
  }
  for (const auto& one : plan.fresh) {
    m_commons.log.write(service::Level::info, "edge", "listening", {{"address", one->url()}});
    one->accept();
  }
  m_listeners = std::move(plan.next);
  m_commons.options.listens = wanted;
  return std::nullopt;
}

}  // namespace berth::edge
