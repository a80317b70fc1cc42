// Whoever may still call an instance holds it: a route of an old table, a call, a task that waits for a thread. So it
// is free once nobody but this list does, and it owes nobody the end of a job.
#include "loader/departures.hpp"

#include <chrono>
#include <nlohmann/json.hpp>
#include <utility>

#include "service/text.hpp"

namespace berth::loader {

using service::Error;
using service::Level;

namespace {

constexpr std::chrono::milliseconds leaving_pause{50};

bool is_free(const Instance& instance) {
  return instance.provider.use_count() == (instance.far ? 2 : 1) && instance.provider->open_calls() == 0 &&
         instance.jobs() == 0;
}

}  // namespace

void Departures::add(Instance instance) {
  if (!instance.provider) return;
  m_leaving.push_back({std::move(instance)});
  if (!std::exchange(m_looking, true)) look_later();
}

void Departures::look_later() {
  m_timer.expires_after(leaving_pause);
  m_timer.async_wait([this](const boost::system::error_code& failed) {
    if (!failed) look();
  });
}

void Departures::look() {
  for (auto at = m_leaving.begin(); at != m_leaving.end();) {
    const auto next = std::next(at);
    if (is_free(*at))
      let_go(at);
    else if (std::chrono::steady_clock::now() - at->since >= m_leave_time)
      hurry(*at);
    at = next;
  }
  m_looking = !m_leaving.empty();
  if (m_looking) look_later();
}

// Again and again: a call that was on its way when the reload came is in it only now. One that comes later is ended
// before it begins.
void Departures::hurry(Leaving& one) const {
  const std::string& name = one.provider->manifest().name;
  const auto calls = one.provider->open();
  const auto jobs = one.jobs();
  const std::string why = name + " was reloaded or unloaded, and what it had begun before did not end within " +
                          service::format_duration(m_leave_time);
  Error error{503, "plugin_left", why, "try again; limits { leave_time = … } in berth.lua gives such calls more time"};
  error.retry_after = std::chrono::seconds(1);
  for (const auto& call : calls) call->end(error);
  one.provider->close(error);
  if (one.desk) one.desk->give_up_jobs(why);
  if (std::exchange(one.overdue, true)) return;
  m_near.log.write(Level::warn, "loader", "a plugin that leaves is held no longer",
                   {{"plugin", name},
                    {"calls", static_cast<std::int64_t>(calls.size())},
                    {"jobs", static_cast<std::int64_t>(jobs)},
                    {"reason", why}});
}

// A process ends in its own time; destroy() may block, so it is called on a pool thread, as soon as one is free.
void Departures::let_go(std::list<Leaving>::iterator at) {
  if (at->far) {
    m_ending.splice(m_ending.end(), m_leaving, at);
    at->far->end([this, at] { m_near.loop.post([this, at] { m_ending.erase(at); }); });
    return;
  }
  const auto last = std::make_shared<std::shared_ptr<Provider>>(std::move(at->provider));
  if (m_near.pool.run([last] { last->reset(); }))
    m_leaving.erase(at);
  else
    at->provider = std::move(*last);
}

std::size_t Departures::open_calls(const std::string& name) const {
  std::size_t calls = 0;
  for (const auto& one : m_leaving) {
    if (one.provider->manifest().name == name) calls += one.provider->open_calls();
  }
  return calls;
}

std::size_t Departures::jobs(const std::string& name) const {
  std::size_t jobs = 0;
  for (const auto& one : m_leaving) {
    if (one.provider->manifest().name == name) jobs += one.jobs();
  }
  return jobs;
}

std::size_t Departures::count(const std::string& name) const {
  std::size_t count = 0;
  for (const auto* some : {&m_leaving, &m_ending}) {
    for (const auto& one : *some) count += one.provider->manifest().name == name ? 1 : 0;
  }
  return count;
}

nlohmann::json Departures::facts(const std::string& name) const {
  const auto instances = count(name);
  if (instances == 0) return nullptr;
  return {{"instances", instances}, {"open_calls", open_calls(name)}, {"jobs", jobs(name)}};
}

void Departures::end(std::size_t& running) {
  m_timer.cancel();
  m_ending.splice(m_ending.end(), m_leaving);
  for (const auto& one : m_ending) {
    if (!one.far) continue;
    ++running;
    one.far->end([&running] { --running; });
  }
}

// In the host's process they may still have calls; those would keep them beyond all that they may use.
void Departures::clear() {
  for (const auto& one : m_ending) one.provider->destroy();
  m_ending.clear();
}

}  // namespace berth::loader
