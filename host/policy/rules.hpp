// The rules that berth.lua states outright: deny an operation, ask for a higher scope, or slow a caller down.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "service/clock.hpp"
#include "service/error.hpp"
#include "session/tokens.hpp"

namespace berth::policy {

struct Rule {
  std::string match = "*";                   // of operation names; '*' stands for anything
  std::string deny = {};                     // the reason, if the rule denies
  std::optional<session::Scope> scope = {};  // at least this
  double per_second = 0;                     // a rate for each caller, if above 0
  double burst = 0;
  std::string where = {};  // "berth.lua:12", named in the refusal
};

class Rules {
 public:
  Rules(std::vector<Rule> rules, const service::Clock& clock);
  // nullopt: allowed. All rules that match must agree; the first that does not is the verdict. Any thread.
  std::optional<service::Error> before(std::string_view operation, const session::Identity& who,
                                       std::string_view session);
  // The same, but nothing is charged: whoever asks so asks again.
  std::optional<service::Error> foresee(std::string_view operation, const session::Identity& who);
  void replace(std::vector<Rule> rules);
  // What the rules ask of everybody: a scope above the operation's own, and why it is denied, if it is.
  struct Demands {
    session::Scope scope;
    std::string denied;
  };
  Demands demands(std::string_view operation, session::Scope own);

 private:
  using Place = std::pair<std::size_t, std::string>;  // a rule's number, a caller's name
  struct Bucket {
    double tokens;
    service::Clock::Moment at;
  };
  std::optional<service::Error> verdict(std::string_view operation, const session::Identity& who, double charge);
  Bucket& bucket_of(std::size_t index, const std::string& caller, service::Clock::Moment now);
  void make_room(service::Clock::Moment now);

  const service::Clock& m_clock;
  std::atomic<bool> m_any;  // rules
  std::mutex m_mutex;       // guards what follows
  std::vector<Rule> m_rules;
  std::map<Place, Bucket> m_buckets;
};

}  // namespace berth::policy
