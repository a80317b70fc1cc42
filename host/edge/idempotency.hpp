// Idempotency-Key: a POST that is sent again, because its client never heard the answer, is answered again and not run
// again; if its answer was too large to be kept, it is told so.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
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
    bool too_large = false;  // ran, but its body was not kept
  };
  Idempotency(const service::Clock& clock, std::chrono::seconds lives, std::size_t most);
  void limit(std::chrono::seconds lives, std::size_t most);

  // `slot` names caller and key, `print` the request. An answer to give again, an Error (in progress; another request
  // under the same key), or neither: then the key is taken and keep() or forget() must follow.
  struct Verdict {
    const Kept* again = nullptr;
    std::optional<service::Error> error;
  };
  Verdict claim(const std::string& slot, const std::string& print, const std::string& session);
  void keep(const std::string& slot, Kept kept);
  void forget(const std::string& slot);
  void forget_session(const std::string& session);  // another may be called so from now on

 private:
  struct Entry {
    std::string print, session;
    Kept kept;
    service::Clock::Moment until;  // of one that has its answer
  };
  using Entries = std::unordered_map<std::string, Entry>;
  void trim(std::size_t most);

  const service::Clock& m_clock;
  std::chrono::seconds m_lives;
  std::size_t m_most;
  Entries m_entries;                   // by slot
  std::deque<std::string> m_answered;  // slots, oldest first; those that still run are never let go
  std::size_t m_bytes = 0;             // of bodies
};

}  // namespace berth::edge
