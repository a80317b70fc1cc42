// Times calls into a plugin that has a process of its own, as the host makes them: from invoke() to the answer, through
// the link, the other process and back. Beside it what two processes take that only pass the same bytes through a
// socket pair: the floor.
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "flows.hpp"
#include "loader/finder.hpp"
#include "loader/process/far_plugin.hpp"
#include "service/clock.hpp"
#include "service/event_loop.hpp"
#include "service/log.hpp"

namespace {

using namespace berth;
using nlohmann::json;
using Clock = std::chrono::steady_clock;

constexpr std::size_t warm_up = 2'000, calls = 20'000, large_calls = 500;
constexpr std::size_t mib = 1u << 20;

double ns_since(Clock::time_point began) {
  return std::chrono::duration<double, std::nano>(Clock::now() - began).count();
}

json percentiles(std::vector<double> times) {
  std::sort(times.begin(), times.end());
  const auto at = [&](std::size_t percent) { return times[times.size() * percent / 100]; };
  return {{"p50_ns", at(50)}, {"p90_ns", at(90)}, {"p99_ns", at(99)}};
}

class Bench {
 public:
  Bench(service::EventLoop& loop, service::Log& log, const service::Clock& clock, const std::string& program,
        const std::string& library)
      : m_loop(loop) {
    const auto found = loader::find_plugin_at(library);
    if (!found.manifest) throw std::runtime_error(found.manifest.error().message);
    m_plugin = std::make_shared<loader::FarPlugin>(found, loader::Keeper::Given{"{}"}, loader::ProcessRules{},
                                                   loader::Keeper::Around{loop, log, clock, program});
    bool started = false;
    m_plugin->start([&](std::optional<service::Error> failed) {
      if (failed) throw std::runtime_error(failed->message);
      started = true;
    });
    while (!started) m_loop.context().run_one();
    m_flows = std::make_unique<bench::Flows>(m_plugin, loop);
  }

  bench::Flows& flows() { return *m_flows; }
  std::uint32_t index_of(const std::string& name) const { return bench::index_of(*m_plugin, name); }
  json one_by_one(std::uint32_t operation, const std::string& input, std::size_t count, std::string& answer) {
    std::vector<double> times;
    for (std::size_t i = 0; i < count + count / 10; ++i) {
      const auto began = Clock::now();
      const auto reply = m_flows->invoke(operation, input);
      m_flows->wait_for_all();
      if (i >= count / 10) times.push_back(ns_since(began));
      answer = reply->answer;
    }
    return percentiles(std::move(times));
  }

 private:
  service::EventLoop& m_loop;
  std::shared_ptr<loader::FarPlugin> m_plugin;
  std::unique_ptr<bench::Flows> m_flows;
};

void pass(int from, int to, char* room, std::size_t size) {
  for (std::size_t done = 0; done < size;) {
    const ssize_t got = ::read(from, room + done, size - done);
    if (got <= 0) std::_Exit(0);
    done += static_cast<std::size_t>(got);
  }
  for (std::size_t done = 0; done < size;) {
    const ssize_t wrote = ::write(to, room + done, size - done);
    if (wrote <= 0) std::_Exit(0);
    done += static_cast<std::size_t>(wrote);
  }
}

// The same number of bytes there and back.
json floor_of(std::size_t size, std::size_t count) {
  auto [ours, theirs] = loader::Link::pair();
  const pid_t child = ::fork();
  std::string room(size, 'x');
  if (child == 0) {
    ours = service::UniqueFd();
    for (;;) pass(theirs.get(), theirs.get(), room.data(), size);
  }
  theirs = service::UniqueFd();
  std::vector<double> times;
  for (std::size_t i = 0; i < count; ++i) {
    const auto began = Clock::now();
    for (std::size_t done = 0; done < size;)
      done += static_cast<std::size_t>(std::max<ssize_t>(::write(ours.get(), room.data() + done, size - done), 0));
    for (std::size_t done = 0; done < size;)
      done += static_cast<std::size_t>(std::max<ssize_t>(::read(ours.get(), room.data() + done, size - done), 0));
    times.push_back(ns_since(began));
  }
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  return percentiles(std::move(times));
}

json measure_calls(Bench& echo) {
  std::string answer;
  const auto input_of = [](std::size_t size) { return json{{"text", std::string(size, 'x')}}.dump(); };
  json found;
  echo.one_by_one(0, input_of(1024), warm_up, answer);
  found["one_kib"] = echo.one_by_one(0, input_of(1024), calls, answer);
  found["one_mib"] = echo.one_by_one(0, input_of(mib), large_calls, answer);
  if (answer.size() < mib) throw std::runtime_error("the echo of 1 MiB is no such thing");
  found["fifty_at_once_calls_per_s"] = echo.flows().calls_per_s(0, input_of(1024));
  return found;
}

int run(const std::string& program, const std::string& echo_c, const std::string& probe_so) {
  json found{{"floor_one_kib", floor_of(1024, calls)}, {"floor_one_mib", floor_of(mib, large_calls)}};
  service::EventLoop loop;
  loop.adopt();
  const auto guard = boost::asio::make_work_guard(loop.context());
  service::Log log(2, {});
  const service::Clock clock;
  Bench echo(loop, log, clock, program, echo_c);
  found.update(measure_calls(echo));
  Bench probe(loop, log, clock, program, probe_so);
  found["fifty_blocking_calls_per_s"] =
      probe.flows().calls_per_s(probe.index_of("probe.block"), json{{"ms", 0}}.dump());
  found["events_per_s"] = probe.flows().events_per_s();
  std::cout << found.dump() << std::endl;
  return 0;
}

}  // namespace

int main(int count, char** words) try {
  if (count == 4) return run(words[1], words[2], words[3]);
  std::fputs("usage: bench-plugin-own …/berth …/echo_c.so …/probe.so\n  Prints what was measured as one JSON object.\n",
             stderr);
  return 2;
} catch (const std::exception& error) {
  std::fprintf(stderr, "bench-plugin-own: %s\n", error.what());
  return 1;
}
