// The audit: an append-only file of who called what with which verdict. What may change something (run, admin) is in
// the file before its answer leaves the host; reads are written in batches, at most 100 ms later.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "service/clock.hpp"
#include "service/error.hpp"

namespace berth::service {

class Audit {
 public:
  struct Entry {  // texts are read during append() only
    Clock::WallMoment at;
    std::string_view request_id, trace_id, operation, caller, scope, session, peer;
    std::string_view verdict;  // "ok", "cancelled", or the problem's code: "forbidden", "invalid_input", ...
    int status = 0;            // as over HTTP
    std::chrono::microseconds took{};
  };
  struct Options {
    std::string path;                      // 0600, O_APPEND
    std::uint64_t rotate_at = 256u << 20;  // renamed to path.1 … path.keep
    int keep = 4;
  };

  static Result<std::unique_ptr<Audit>> open(Options options);
  ~Audit();
  Audit(const Audit&) = delete;

  void append(const Entry& entry, bool at_once);
  void reopen();  // after a log rotator moved the file
  void flush();
  // Lines that should be in the file and are not (disk full): those that wait for room, and those given up because too
  // many waited. Said in the log by whoever asks.
  std::uint64_t lost() const;

 private:
  struct Body;
  explicit Audit(std::unique_ptr<Body> body);
  std::unique_ptr<Body> m_body;
};

}  // namespace berth::service
