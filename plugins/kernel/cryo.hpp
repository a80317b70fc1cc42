// A namespace in a file, and back: what the engine is asked, as tasks that wait for their turn behind cells and may
// take as long as a cell.
#pragma once

#include <berth/call.hpp>

#include <functional>
#include <optional>
#include <string>

#include "task.hpp"

namespace kernel {

class Cryo : public Task {
 public:
  using Then = std::function<void(const berth::Json& answer, const std::optional<berth::Error>& error)>;

  // `request`: of python/README.md, with its `path` as place_of() has it.
  Cryo(berth::Json request, Stake stake, std::chrono::milliseconds timeout, Then then)
      : m_request(std::move(request)), m_stake(stake), m_timeout(timeout), m_then(std::move(then)) {}
  berth::Json request() const override { return m_request; }
  std::chrono::milliseconds timeout() const override { return m_timeout; }
  bool waits() const override { return m_stake != Stake::none; }
  bool is_cell() const override { return false; }
  Stake stake() const override { return m_stake; }
  void ended(const Ending& ending) override;
  void refused(const berth::Error& why) override { m_then({}, why); }

  // A path of the workspace, as the kernel sees it.
  static std::string place_of(const std::string& path);

 private:
  const berth::Json m_request;
  const Stake m_stake;
  const std::chrono::milliseconds m_timeout;
  const Then m_then;
};

}  // namespace kernel
