// Calls into a plugin fifty at once, and a stream: the same for one in the host's process and for one in its own.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <memory>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <utility>

#include "loader/provider.hpp"
#include "service/event_loop.hpp"

namespace berth::bench {

constexpr std::size_t at_once = 50, rounds_at_once = 1'000;
constexpr int events = 200'000;

struct Open {  // on the I/O thread
  std::size_t calls = 0;
  std::string failed = {};
};

// Answers that may come on a thread of the pool: their end is told to the I/O thread, as the host does. There is C
// between it and a plugin, so nothing is thrown here.
class Counting final : public loader::Reply {
 public:
  Counting(loader::Request request, service::Loop& loop, Open& open)
      : m_request(std::move(request)), m_loop(loop), m_open(open) {}
  const loader::Request& request() const override { return m_request; }
  loader::Flow send(std::string text) override {
    answer = std::move(text);
    return over({});
  }
  loader::Flow fail(service::Error error) override { return over(error.code + ": " + error.message); }
  loader::Flow file(service::UniqueFd, loader::Head) override { return loader::Flow::wrong; }
  loader::Flow begin(loader::Head) override { return loader::Flow::wrong; }
  loader::Flow chunk(loader::Chunk) override {
    ++chunks;
    return loader::Flow::ok;
  }
  loader::Flow finish(std::uint32_t, std::string) override { return over({}); }
  loader::Flow wait() override { return loader::Flow::ok; }
  bool cancelled() const override { return false; }

  std::string answer;
  int chunks = 0;

 private:
  loader::Flow over(std::string failed) {
    const auto count = [&open = m_open, failed = std::move(failed)] {
      --open.calls;
      if (!failed.empty()) open.failed = failed;
    };
    m_loop.here() ? count() : m_loop.post(count);
    return loader::Flow::ok;
  }
  const loader::Request m_request;
  service::Loop& m_loop;
  Open& m_open;
};

inline std::shared_ptr<const session::Asker> asker() {
  auto made = std::make_shared<session::Asker>();
  made->who = {"bench", session::Scope::run, std::nullopt};
  made->request_id = "bench-1";
  return made;
}

inline std::uint32_t index_of(const loader::Provider& plugin, const std::string& operation) {
  const auto& all = plugin.manifest().operations;
  const auto at = std::find_if(all.begin(), all.end(), [&](const auto& one) { return one.name == operation; });
  if (at == all.end()) throw std::runtime_error("the plugin has no " + operation);
  return static_cast<std::uint32_t>(at - all.begin());
}

class Flows {
 public:
  Flows(std::shared_ptr<loader::Provider> plugin, service::EventLoop& loop)
      : m_plugin(std::move(plugin)), m_loop(loop) {}

  std::shared_ptr<Counting> invoke(std::uint32_t index, const std::string& input) {
    loader::Request request;
    request.operation = index;
    request.input = input;
    request.asker = m_asker;
    ++m_open.calls;
    auto reply = std::make_shared<Counting>(std::move(request), m_loop, m_open);
    m_plugin->invoke(reply);
    return reply;
  }
  void wait_for_all() {
    while (m_open.calls > 0) m_loop.context().run_one();
    if (!m_open.failed.empty()) throw std::runtime_error(m_open.failed);
  }
  double calls_per_s(std::uint32_t index, const std::string& input) {
    const auto began = Clock::now();
    for (std::size_t i = 0; i < rounds_at_once; ++i) {
      for (std::size_t k = 0; k < at_once; ++k) invoke(index, input);
      wait_for_all();
    }
    return static_cast<double>(at_once * rounds_at_once) / seconds_since(began);
  }
  double events_per_s() {
    const auto began = Clock::now();
    const auto reply = invoke(index_of(*m_plugin, "probe.count"), nlohmann::json{{"to", events}}.dump());
    wait_for_all();
    if (reply->chunks != events)
      throw std::runtime_error("the stream has " + std::to_string(reply->chunks) + " events");
    return events / seconds_since(began);
  }

 private:
  using Clock = std::chrono::steady_clock;
  static double seconds_since(Clock::time_point began) {
    return std::chrono::duration<double>(Clock::now() - began).count();
  }
  const std::shared_ptr<loader::Provider> m_plugin;
  service::EventLoop& m_loop;
  const std::shared_ptr<const session::Asker> m_asker = asker();
  Open m_open;
};

}  // namespace berth::bench
