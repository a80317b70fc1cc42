// Which policies there are, what each wants to be asked, and which of them are not asked for a while because they hung.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "policy/wire.hpp"
#include "service/clock.hpp"
#include "session/tokens.hpp"

namespace berth::policy {

struct Chosen {
  Source source;
  session::Scope scope = session::Scope::run;  // of what it calls
  std::string where;                           // "berth.lua:7"
};

struct Policies {
  std::vector<Chosen> all;
  std::chrono::milliseconds deadline{20};  // of a hook
  std::uint64_t memory = 16u << 20;        // of each
};

class Roster {
 public:
  using Moment = service::Clock::Moment;
  struct Plan {  // for an operation
    std::vector<Place> before, after;
  };

  explicit Roster(Policies policies) : m_policies(std::move(policies)), m_members(m_policies.all.size()) {}
  void loaded(std::vector<Facts> facts);

  const Plan& plan(std::string_view operation);
  std::vector<Place> hooks_of(HookKind kind) const;
  std::vector<Place> hooks_for(std::string_view topic) const;
  std::vector<std::string> topics() const;
  const Hook& hook(const Place& place) const { return m_members[place.script].facts.hooks[place.hook]; }
  bool knows(const Place& place) const;

  const Policies& policies() const { return m_policies; }
  std::size_t size() const { return m_members.size(); }
  const std::string& name(std::uint64_t script) const;
  std::optional<std::uint64_t> find(std::string_view name) const;
  std::vector<std::string> needs() const;  // operations
  // Why it is not asked at all; empty: it is.
  const std::string& broken(std::uint64_t script) const { return m_members[script].facts.failed; }
  void give_up(std::uint64_t script, std::string why);  // it does not even come to its end when it is read

  // It threw, or with `hung` was the end of their process.
  void blame(std::uint64_t script, std::uint64_t line, const std::string& words, bool hung, Moment now);
  // Until when it is not asked; null: it is.
  std::optional<Moment> resting(std::uint64_t script, Moment now) const;
  bool is_silent(std::uint64_t script, Moment now) const { return !broken(script).empty() || resting(script, now); }
  bool may_say(std::uint64_t script, Moment now);  // in the log: once a second for each
  nlohmann::json facts(Moment now, const std::function<bool(const std::string&)>& there) const;

 private:
  struct Member {
    Facts facts;
    std::uint64_t failures = 0, strikes = 0;
    std::string last;  // failure
    Moment struck{}, until{}, said{};
  };
  const Policies m_policies;
  std::vector<Member> m_members;
  std::map<std::string, Plan, std::less<>> m_plans;
};

std::string place_text(const std::string& policy, std::uint64_t line);  // "budget.lua:14"

}  // namespace berth::policy
