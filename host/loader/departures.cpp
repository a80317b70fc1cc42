// Whoever may still call an instance holds it: a route of an old table, a call, a task that waits for a thread. So it
// is free once nobody but this list does, and it owes nobody the end of a job.
#include "loader/departures.hpp"

#include <chrono>
#include <nlohmann/json.hpp>
#include <utility>

namespace berth::loader {

namespace {

constexpr std::chrono::milliseconds leaving_pause{50};

bool is_free(const Instance& instance) {
  return instance.provider.use_count() == (instance.far ? 2 : 1) && instance.provider->open_calls() == 0 &&
         instance.jobs() == 0;
}

}  // namespace

void Departures::add(Instance instance) {
  if (!instance.provider) return;
  m_leaving.push_back(std::move(instance));
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
    if (is_free(*at)) let_go(at);
    at = next;
  }
  m_looking = !m_leaving.empty();
  if (m_looking) look_later();
}

// A process ends in its own time; destroy() may block, so it is called on a pool thread. False: none is free.
bool Departures::let_go(std::list<Instance>::iterator at) {
  if (at->far) {
    m_ending.splice(m_ending.end(), m_leaving, at);
    at->far->end([this, at] { m_near.loop.post([this, at] { m_ending.erase(at); }); });
    return true;
  }
  const auto last = std::make_shared<std::shared_ptr<Provider>>(at->provider);
  m_leaving.erase(at);
  if (m_near.pool.run([last] { last->reset(); })) return true;
  m_leaving.push_back({std::move(*last), nullptr, nullptr});
  return false;
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
