// An id tells nothing and cannot be guessed; it is no secret either, since who answers needs a scope for it.
#include "policy/approvals.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "service/text.hpp"

namespace berth::policy {

using nlohmann::json;
using service::Error;

namespace {

Error refused(const Approval& about, const std::string& why) {
  return {403, "not_approved", about.operation + " was not approved: " + why,
          "the policy " + about.policy + " (" + about.where + ") asks for it: " + about.reason};
}

}  // namespace

void Approvals::park(std::uint64_t ticket, Approval about, std::chrono::seconds longest, Heard heard) {
  if (is_full(about)) {
    Error busy{503, "busy", "too many calls wait for an approval", "answer some of them: GET /approvals"};
    busy.retry_after = std::chrono::seconds(5);
    return heard(std::move(busy));
  }
  about.id = service::random_token(12);
  about.asked = m_clock.wall();
  about.until = about.asked + longest;
  publish("asked", about, about.reason, about.caller);
  auto timer = std::make_unique<boost::asio::steady_timer>(m_loop.context(), longest);
  timer->async_wait([this, ticket](const boost::system::error_code& failed) {
    const auto at = failed ? m_parked.end() : m_parked.find(ticket);
    if (at == m_parked.end()) return;
    const Error late = refused(at->second.about, "nobody answered in time");
    close(at, "timeout", "nobody answered in time", {}, late);
  });
  m_parked.emplace(ticket, Parked{std::move(about), std::move(heard), std::move(timer)});
}

bool Approvals::is_full(const Approval& about) const {
  std::size_t bytes = about.input.size(), of_session = 0;
  for (const auto& [ticket, parked] : m_parked) {
    bytes += parked.about.input.size();
    of_session += parked.about.session == about.session ? 1 : 0;
  }
  return m_parked.size() >= most || of_session >= most_of_session || bytes > most_bytes;
}

void Approvals::publish(const char* what, const Approval& about, const std::string& reason, const std::string& by) {
  json data{{"id", about.id}, {"operation", about.operation}, {"policy", about.policy}, {"reason", reason}};
  if (!by.empty()) data["by"] = by;
  m_events.publish(
      {0, std::string("approval.") + what, about.session, data.dump(-1, ' ', false, json::error_handler_t::replace)});
}

void Approvals::close(Place at, const char* what, const std::string& reason, const std::string& by,
                      std::optional<Error> error) {
  publish(what, at->second.about, reason, by);
  const auto heard = std::move(at->second.heard);
  m_parked.erase(at);
  heard(std::move(error));
}

Approvals::Place Approvals::place_of(const std::string& id) {
  return std::find_if(m_parked.begin(), m_parked.end(), [&](const auto& one) { return one.second.about.id == id; });
}

std::optional<Error> Approvals::answer(const std::string& id, bool yes, const std::string& reason,
                                       const std::string& by) {
  const auto at = place_of(id);
  if (at == m_parked.end())
    return Error{404, "not_found", "nothing waits for the approval " + id,
                 "it was answered, its time is over, or its client has left; GET /approvals"};
  std::optional<Error> error;
  if (!yes) error = refused(at->second.about, reason.empty() ? by + " said no" : by + ": " + reason);
  close(at, yes ? "granted" : "refused", reason, by, std::move(error));
  return std::nullopt;
}

void Approvals::forget(std::uint64_t ticket) {
  const auto at = m_parked.find(ticket);
  if (at == m_parked.end()) return;
  publish("withdrawn", at->second.about, "its client has left", {});
  m_parked.erase(at);
}

std::vector<const Approval*> Approvals::all() const {
  std::vector<const Approval*> all;
  for (const auto& [ticket, parked] : m_parked) all.push_back(&parked.about);
  return all;
}

const Approval* Approvals::find(const std::string& id) const {
  const auto at =
      std::find_if(m_parked.begin(), m_parked.end(), [&](const auto& one) { return one.second.about.id == id; });
  return at == m_parked.end() ? nullptr : &at->second.about;
}

}  // namespace berth::policy
