// Idempotency-Key: a POST that is sent again, because its client never heard the answer, is answered again and not run
// again.
#pragma once

#include <chrono>
#include <cstdint>
#include <list>
#include <optional>
#include <string>
#include <unordered_map>

#include "service/clock.hpp"
#include "service/error.hpp"

namespace berth::edge {

class Idempotency {
 public:
  struct Kept {
    int status = 0;  // 0: still running
    std::string type, body;
  };
  Idempotency(const service::Clock& clock, std::chrono::seconds lives, std::size_t most);

  // `slot` names caller and key, `print` the request. An answer to give again, an Error (in progress; another request
  // under the same key), or neither: then the key is taken and keep() or forget() must follow.
  struct Verdict {
    const Kept* again = nullptr;
    std::optional<service::Error> error;
  };
  Verdict claim(const std::string& slot, const std::string& print);
  void keep(const std::string& slot, Kept kept);
  void forget(const std::string& slot);

 private:
  struct Entry {
    std::string slot, print;
    Kept kept;
    service::Clock::Moment until;
  };
  void trim();

  const service::Clock& m_clock;
  std::chrono::seconds m_lives;
  std::size_t m_most;
  std::list<Entry> m_entries;  // oldest first
  std::unordered_map<std::string, std::list<Entry>::iterator> m_by_slot;
};

}  // namespace berth::edge
