// Asks a kernel's worker to freeze: a task in its queue, which runs between two cells.
#pragma once

#include <berth/fd.hpp>

#include <functional>
#include <optional>
#include <vector>

#include "task.hpp"

namespace kernel {

class Freezing : public Task {
 public:
  struct Outcome {
    berth::Fd orders;  // our end of the frozen one's socket
    berth::Json warnings = berth::Json::array();
    std::int64_t cells = 0;  // that the kernel had run
  };
  using Then = std::function<void(std::optional<Outcome>, std::optional<berth::Error>)>;

  // Strict: what a checkpoint would not keep is a refusal, and no warning. Throws Error(503).
  Freezing(bool strict, bool waits, Then then);
  berth::Json request() const override { return {{"request", "freeze"}, {"force", !m_strict}, {"fds", 1}}; }
  std::vector<berth::Fd> files() override;
  std::chrono::milliseconds timeout() const override { return std::chrono::seconds(10); }
  bool waits() const override { return m_waits; }
  bool is_cell() const override { return false; }
  Stake stake() const override { return Stake::keeps; }
  void ended(const Ending& ending) override;
  void refused(const berth::Error& why) override { m_then(std::nullopt, why); }

 private:
  const bool m_strict, m_waits;
  const Then m_then;
  berth::Fd m_mine, m_theirs;
};

}  // namespace kernel
