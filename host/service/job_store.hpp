// Work that goes on after its call was answered: how far it is, how it ended, and its result for a while. In memory
// alone: a host that starts again has forgotten them. Everything on the I/O thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "service/clock.hpp"
#include "service/error.hpp"
#include "service/event_bus.hpp"
#include "service/loop.hpp"

namespace berth::service {

struct Job {
  enum class State { running, done, failed, cancelled, lost };
  std::string id;  // made by the store
  std::string plugin, operation, session, caller, request_id;
  State state = State::running;
  int percent = -1;  // -1: unknown
  std::string text = {}, result = {};
  std::optional<Error> error = {};
  Clock::WallMoment began = {}, changed = {};
  std::optional<Clock::WallMoment> ended = {};
};
std::string_view name_of(Job::State state);
std::optional<Job::State> parse_job_state(std::string_view text);

class JobStore {
 public:
  struct Limits {  // of those that have ended
    std::uint64_t count = 1000, bytes = 64u << 20;
    std::chrono::milliseconds time = std::chrono::hours(1);
  };
  using Pointer = std::shared_ptr<const Job>;

  JobStore(Loop& loop, const Clock& clock, EventBus& events, Limits limits);

  // `cancelled` is called once, if somebody cancels it.
  Pointer begin(Job job, std::function<void()> cancelled);
  // Of a job that runs; otherwise nothing.
  void report(const std::string& id, int percent, std::string text);
  void done(const std::string& id, std::string result);
  void failed(const std::string& id, Error error);
  void lost(const std::string& id, const std::string& why);
  bool cancel(const std::string& id);  // false: it had ended

  Pointer find(std::string_view id);
  std::vector<Pointer> all();  // the latest first
  // `news` is called when the job has changed, never from within; it watches as long as it is held.
  std::shared_ptr<void> watch(const std::string& id, std::function<void()> news);
  void limit(Limits limits);
  // All jobs of that session: those that go on are cancelled, and none is found any more.
  void forget(const std::string& session);
  bool busy(const std::string& session) const;  // has one that goes on

 private:
  struct Entry {
    std::shared_ptr<Job> job;
    std::function<void()> cancelled;
    std::vector<std::weak_ptr<std::function<void()>>> watchers;
    bool posted = false;
  };
  Entry* running(const std::string& id);
  void end(Entry& entry, Job::State state);
  void changed(Entry& entry);
  void spread(const std::string& id);
  void hand_over(Entry& entry);
  void forget_old();
  void erase(const std::string& id);

  Loop& m_loop;
  const Clock& m_clock;
  EventBus& m_events;
  Limits m_limits;
  std::map<std::string, Entry, std::less<>> m_jobs;
  std::list<std::string> m_order;  // of their beginning
  std::list<std::string> m_ended;  // of their end
  std::uint64_t m_bytes = 0;       // of those
  const std::shared_ptr<int> m_alive = std::make_shared<int>(0);
};

}  // namespace berth::service
