// A plan is made once for each operation; operations are few, and names that are none never get here.
#include "policy/roster.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "service/text.hpp"

namespace berth::policy {

using namespace std::chrono_literals;
using nlohmann::json;

namespace {

constexpr auto forgiven_after = 60s;
constexpr std::uint64_t most_doublings = 6;  // of a second of rest

}  // namespace

std::string place_text(const std::string& policy, std::uint64_t line) {
  return policy + ".lua" + (line > 0 ? ":" + std::to_string(line) : "");
}

void Roster::loaded(std::vector<Facts> facts) {
  for (std::size_t i = 0; i < m_members.size() && i < facts.size(); ++i) {
    if (!m_members[i].facts.failed.empty()) continue;  // given up
    m_members[i].facts = std::move(facts[i]);
  }
  m_plans.clear();
}

const Roster::Plan& Roster::plan(std::string_view operation) {
  const auto known = m_plans.find(operation);
  if (known != m_plans.end()) return known->second;
  Plan plan;
  for (std::uint64_t script = 0; script < m_members.size(); ++script) {
    const auto& hooks = m_members[script].facts.hooks;
    for (std::uint64_t i = 0; i < hooks.size(); ++i) {
      if (hooks[i].kind == HookKind::before && hooks[i].fits(operation)) plan.before.push_back({script, i});
      if (hooks[i].kind == HookKind::after && hooks[i].fits(operation)) plan.after.push_back({script, i});
    }
    if (broken(script).empty()) continue;
    plan.before.push_back({script, 0});  // which refuses what it would have been asked
    plan.after.push_back({script, 0});   // of a call, too, that began when it was whole
  }
  return m_plans.emplace(operation, std::move(plan)).first->second;
}

std::vector<Place> Roster::hooks_of(HookKind kind) const {
  std::vector<Place> all;
  for (std::uint64_t script = 0; script < m_members.size(); ++script) {
    const auto& hooks = m_members[script].facts.hooks;
    for (std::uint64_t i = 0; i < hooks.size(); ++i) {
      if (hooks[i].kind == kind) all.push_back({script, i});
    }
  }
  return all;
}

std::vector<Place> Roster::hooks_for(std::string_view topic) const {
  auto all = hooks_of(HookKind::event);
  std::erase_if(all, [&](const Place& place) { return !hook(place).fits(topic); });
  return all;
}

std::vector<std::string> Roster::topics() const {
  std::vector<std::string> all;
  for (const auto& place : hooks_of(HookKind::event))
    all.insert(all.end(), hook(place).match.begin(), hook(place).match.end());
  return all;
}

bool Roster::knows(const Place& place) const {
  return place.script < m_members.size() && place.hook < m_members[place.script].facts.hooks.size();
}

const std::string& Roster::name(std::uint64_t script) const {
  static const std::string nobody = "a policy";
  return script < m_policies.all.size() ? m_policies.all[script].source.name : nobody;
}

std::optional<std::uint64_t> Roster::find(std::string_view name) const {
  for (std::uint64_t script = 0; script < size(); ++script) {
    if (m_policies.all[script].source.name == name) return script;
  }
  return std::nullopt;
}

std::vector<std::string> Roster::needs() const {
  std::vector<std::string> all;
  for (const auto& member : m_members) {
    for (const auto& need : member.facts.needs) all.push_back(need.operation);
  }
  return all;
}

void Roster::give_up(std::uint64_t script, std::string why) {
  if (script < size()) m_members[script].facts = {std::move(why), {}, {}, 0};
}

void Roster::blame(std::uint64_t script, std::uint64_t line, const std::string& words, bool hung, Moment now) {
  if (script >= size()) return;
  Member& member = m_members[script];
  ++member.failures;
  member.last = place_text(name(script), line) + ": " + words;
  if (!hung) return;
  if (now - member.struck > forgiven_after) member.strikes = 0;
  member.struck = now;
  // The first time may be bad luck.
  if (member.strikes++ > 0) member.until = now + 1s * (1u << std::min(member.strikes - 2, most_doublings));
}

std::optional<Roster::Moment> Roster::resting(std::uint64_t script, Moment now) const {
  const Moment until = script < size() ? m_members[script].until : Moment{};
  if (now < until) return until;
  return std::nullopt;
}

bool Roster::may_say(std::uint64_t script, Moment now) {
  if (script >= size()) return true;
  if (now - m_members[script].said < 1s) return false;
  m_members[script].said = now;
  return true;
}

json Roster::facts(Moment now, const std::function<bool(const std::string&)>& there) const {
  json all = json::array();
  for (std::uint64_t script = 0; script < size(); ++script) {
    const Member& member = m_members[script];
    const auto rest = resting(script, now);
    json one{{"name", name(script)},
             {"state", !member.facts.failed.empty() ? "broken"
                       : rest                       ? "resting"
                                                    : "ready"},
             {"hooks", member.facts.hooks.size()},
             {"failures", member.failures}};
    if (!member.facts.failed.empty()) one["reason"] = member.facts.failed;
    if (!member.last.empty()) one["last_failure"] = member.last;
    if (rest) one["again_in_seconds"] = std::chrono::ceil<std::chrono::seconds>(*rest - now).count();
    for (const auto& need : member.facts.needs) {
      if (!there(need.operation))
        one["lacks"].push_back({{"operation", need.operation}, {"otherwise", need.otherwise}});
    }
    all.push_back(std::move(one));
  }
  return all;
}

}  // namespace berth::policy
