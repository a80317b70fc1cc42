// Requests to the worker that run no cell: completion, inspection, variables, its status. They wait behind no cell: a
// kernel that runs one is busy.
#pragma once

#include <functional>
#include <optional>
#include <utility>

#include "task.hpp"

namespace kernel {

class Question : public Task {
 public:
  using Then = std::function<void(berth::Json answer)>;
  using Otherwise = std::function<void()>;
  // `otherwise`: what is done where there is no answer, in place of the call's failure.
  Question(berth::Call call, berth::Json request, Then then, Otherwise otherwise = {})
      : m_call(std::move(call)),
        m_request(std::move(request)),
        m_then(std::move(then)),
        m_otherwise(std::move(otherwise)) {}
  berth::Json request() const override { return m_request; }
  std::chrono::milliseconds timeout() const override { return std::chrono::seconds(10); }
  bool is_cell() const override { return false; }
  void ended(const Ending& ending) override;
  void refused(const berth::Error& why) override {
    if (m_otherwise) return m_otherwise();
    m_call.fail(why);
  }

 private:
  const berth::Call m_call;
  const berth::Json m_request;
  const Then m_then;
  const Otherwise m_otherwise;
};

// Tells whether a kernel has come up, or why not.
class Arrival : public Task {
 public:
  using Then = std::function<void(const std::optional<berth::Error>&)>;
  explicit Arrival(Then then) : m_then(std::move(then)) {}
  berth::Json request() const override { return {{"request", "status"}}; }
  std::chrono::milliseconds timeout() const override { return std::chrono::seconds(10); }
  bool is_cell() const override { return false; }
  void ended(const Ending& ending) override;
  void refused(const berth::Error& why) override { m_then(why); }

 private:
  const Then m_then;
};

}  // namespace kernel
