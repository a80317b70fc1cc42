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

#include "loader/finder.hpp"
#include "loader/process/far_plugin.hpp"
#include "service/clock.hpp"
#include "service/event_loop.hpp"
#include "service/log.hpp"

namespace {

using namespace berth;
using nlohmann::json;
using Clock = std::chrono::steady_clock;

constexpr std::size_t warm_up = 2'000, calls = 20'000, large_calls = 500, at_once = 50, rounds_at_once = 1'000;
constexpr std::size_t mib = 1u << 20;
constexpr int events = 200'000;

double ns_since(Clock::time_point began) {
  return std::chrono::duration<double, std::nano>(Clock::now() - began).count();
}

json percentiles(std::vector<double> times) {
  std::sort(times.begin(), times.end());
  const auto at = [&](std::size_t percent) { return times[times.size() * percent / 100]; };
  return {{"p50_ns", at(50)}, {"p90_ns", at(90)}, {"p99_ns", at(99)}};
}

class Listener final : public loader::Reply {
 public:
  Listener(loader::Request request, std::size_t& open) : m_request(std::move(request)), m_open(open) {}
  const loader::Request& request() const override { return m_request; }
  loader::Flow send(std::string text) override {
    answer = std::move(text);
    --m_open;
    return loader::Flow::ok;
  }
  loader::Flow fail(service::Error error) override { throw std::runtime_error(error.message); }
  loader::Flow file(service::UniqueFd, loader::Head) override { return loader::Flow::wrong; }
  loader::Flow begin(loader::Head) override { return loader::Flow::wrong; }
  loader::Flow chunk(loader::Chunk) override {
    ++chunks;
    return loader::Flow::ok;
  }
  loader::Flow finish(std::uint32_t, std::string) override {
    --m_open;
    return loader::Flow::ok;
  }
  loader::Flow wait() override { return loader::Flow::ok; }
  bool cancelled() const override { return false; }

  std::string answer;
  std::size_t chunks = 0;

 private:
  const loader::Request m_request;
  std::size_t& m_open;
};

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
    m_asker->who = {"bench", session::Scope::run, std::nullopt};
    m_asker->request_id = "bench-1";
  }

  std::shared_ptr<Listener> invoke(std::uint32_t operation, std::string input) {
    loader::Request request;
    request.operation = operation;
    request.input = std::move(input);
    request.asker = m_asker;
    ++m_open;
    auto reply = std::make_shared<Listener>(std::move(request), m_open);
    m_plugin->invoke(reply);
    return reply;
  }
  void wait_for_all() {
    while (m_open > 0) m_loop.context().run_one();
  }
  double calls_per_s(std::uint32_t operation, const std::string& input) {  // fifty at once
    const auto began = Clock::now();
    for (std::size_t i = 0; i < rounds_at_once; ++i) {
      for (std::size_t k = 0; k < at_once; ++k) invoke(operation, input);
      wait_for_all();
    }
    return 1e9 * at_once * rounds_at_once / ns_since(began);
  }
  std::uint32_t index_of(const std::string& name) const {
    const auto& all = m_plugin->manifest().operations;
    const auto at = std::find_if(all.begin(), all.end(), [&](const auto& one) { return one.name == name; });
    if (at == all.end()) throw std::runtime_error("the plugin has no " + name);
    return static_cast<std::uint32_t>(at - all.begin());
  }
  json one_by_one(std::uint32_t operation, const std::string& input, std::size_t count, std::string& answer) {
    std::vector<double> times;
    for (std::size_t i = 0; i < count + count / 10; ++i) {
      const auto began = Clock::now();
      const auto reply = invoke(operation, input);
      wait_for_all();
      if (i >= count / 10) times.push_back(ns_since(began));
      answer = reply->answer;
    }
    return percentiles(std::move(times));
  }

 private:
  service::EventLoop& m_loop;
  std::shared_ptr<loader::FarPlugin> m_plugin;
  const std::shared_ptr<session::Asker> m_asker = std::make_shared<session::Asker>();
  std::size_t m_open = 0;
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
  found["fifty_at_once_calls_per_s"] = echo.calls_per_s(0, input_of(1024));
  return found;
}

json measure_stream(Bench& probe) {
  const auto began = Clock::now();
  const auto reply = probe.invoke(probe.index_of("probe.count"), json{{"to", events}}.dump());
  probe.wait_for_all();
  if (reply->chunks != events) throw std::runtime_error("the stream has " + std::to_string(reply->chunks) + " events");
  return 1e9 * events / ns_since(began);
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
  found["fifty_blocking_calls_per_s"] = probe.calls_per_s(probe.index_of("probe.block"), json{{"ms", 0}}.dump());
  found["events_per_s"] = measure_stream(probe);
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
