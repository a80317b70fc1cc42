// A command that runs while its session goes on: what it wrote so far, and who waits for its end.
#pragma once

#include <berth/call.hpp>

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "follower.hpp"
#include "gathered.hpp"
#include "run.hpp"

namespace shell {

class Background : public std::enable_shared_from_this<Background> {
 public:
  static constexpr std::size_t most_output = 256u << 10;  // bytes of each stream
  static constexpr std::size_t most_followers = 32;

  // Serialised with the plugin's calls, all of it. `over` is called once, when it has ended. Throws berth::Error.
  static std::shared_ptr<Background> begin(const Tools& tools, const std::shared_ptr<Seat>& seat, const Ask& ask,
                                           const std::string& id, std::function<void(Background&)> over);

  const std::string& id() const { return m_id; }
  bool ended() const { return m_outcome.has_value(); }
  berth::Json facts() const;
  void tell(const berth::Call& call) const;  // that, and its output so far

  void wait(const berth::Call& call, std::chrono::milliseconds patience);
  void follow(const berth::Call& call, Follower::Place from);  // throws berth::Error(429)
  void signal(int number);                                     // throws berth::Error(409)
  void remove();                                               // ends it, at once

 private:
  struct Waiter {
    explicit Waiter(const berth::Call& waits) : call(waits) {}
    bool first() { return !over.exchange(true); }  // whoever is it answers
    const berth::Call call;
    std::atomic<bool> over{false};
    std::uint64_t timer = 0;
  };
  Background(const Tools& tools, const Ask& ask, std::string id, const Seat& seat);
  berth::Flow heard(Run& run, berth::Outlet outlet, std::string_view bytes);
  void end(const Outcome& outcome);
  void show(Follower& follower) const;
  void tell(Waiter& waiter) const;

  const Tools& m_tools;
  const std::string m_id, m_command, m_folder, m_since;
  const std::vector<std::string> m_argv;
  const std::chrono::steady_clock::time_point m_began;
  const std::size_t m_step;  // bytes that are kept at least, so that none is gone before a follower has had it
  Gathered m_output;
  std::weak_ptr<Run> m_run;  // which keeps this one until it has ended
  std::optional<Outcome> m_outcome;
  std::vector<std::shared_ptr<Waiter>> m_waiters;
  std::vector<std::shared_ptr<Follower>> m_followers;
  std::function<void(Background&)> m_over;
};

}  // namespace shell
