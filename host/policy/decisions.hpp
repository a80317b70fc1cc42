// What policies decided lately and why, for `berth policy trace`: a bounded ring. I/O thread.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "policy/wire.hpp"
#include "service/clock.hpp"

namespace berth::policy {

struct Decision {
  service::Clock::WallMoment at;
  HookKind kind = HookKind::before;
  std::string operation, session, caller, request;
  struct Word {
    std::string policy;
    StepKind kind = StepKind::allow;
    std::uint64_t line = 0;
    std::string reason;
  };
  std::vector<Word> words;
};

class Decisions {
 public:
  static constexpr std::size_t most = 500;
  void add(Decision decision) {
    if (m_all.size() >= most) m_all.pop_front();
    m_all.push_back(std::move(decision));
  }
  const std::deque<Decision>& all() const { return m_all; }

 private:
  std::deque<Decision> m_all;
};

}  // namespace berth::policy
