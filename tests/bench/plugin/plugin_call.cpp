// Times calls into a plugin through loader::Plugin, one by one: JSON text in, parsed, handled and written by the
// plugin, JSON text out. Beside it the same JSON work without a plugin, so that the price of the boundary itself can be
// told, and the same call as routing makes it, with the input checked against its schema before. And fifty calls at
// once, and a stream.
#include <algorithm>
#include <boost/asio/executor_work_guard.hpp>
#include <chrono>
#include <cstdio>
#include <iostream>
#include <memory>
#include <berth/json_text.hpp>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "flows.hpp"
#include "loader/finder.hpp"
#include "loader/plugin.hpp"
#include "routing/json_input.hpp"
#include "loader/schema/schema.hpp"
#include "service/event_loop.hpp"
#include "service/log.hpp"
#include "service/pool.hpp"

namespace {

using namespace berth;
using nlohmann::json;
using Clock = std::chrono::steady_clock;

constexpr std::size_t calls = 200'000, large_calls = 500;
constexpr std::size_t mib = 1u << 20;

class Listener final : public loader::Reply {
 public:
  Listener(loader::Request request, std::string& answer) : m_request(std::move(request)), m_answer(answer) {}
  const loader::Request& request() const override { return m_request; }
  loader::Flow send(std::string text) override {
    m_answer = std::move(text);
    return loader::Flow::ok;
  }
  loader::Flow fail(service::Error error) override { return send(error.message); }  // which is not what was asked for
  loader::Flow file(service::UniqueFd, loader::Head) override { return loader::Flow::wrong; }
  loader::Flow begin(loader::Head) override { return loader::Flow::wrong; }
  loader::Flow chunk(loader::Chunk) override { return loader::Flow::wrong; }
  loader::Flow finish(std::uint32_t, std::string) override { return loader::Flow::wrong; }
  loader::Flow wait() override { return loader::Flow::ok; }
  bool cancelled() const override { return false; }

 private:
  const loader::Request m_request;
  std::string& m_answer;
};

struct Times {
  double p50 = 0, p90 = 0, p99 = 0;
};

template <class Work>
Times time_each(std::size_t count, Work work) {
  std::vector<std::int64_t> times(count);
  for (std::size_t i = 0; i < count / 10; ++i) work();
  for (auto& time : times) {
    const auto began = Clock::now();
    work();
    time = std::chrono::nanoseconds(Clock::now() - began).count();
  }
  std::sort(times.begin(), times.end());
  const auto at = [&](std::size_t percent) { return static_cast<double>(times[count * percent / 100]); };
  return {at(50), at(90), at(99)};
}

class Bench {
 public:
  Bench(std::shared_ptr<loader::Plugin> plugin, std::uint32_t index)
      : m_plugin(std::move(plugin)), m_index(index), m_schema(schema_of(*m_plugin, index)) {}

  json run(const std::string& text, std::size_t count = calls) {
    const std::string input = json{{"number", 7}, {"text", text}}.dump();
    const auto call = time_each(count, [&] { invoke(input); });
    if (m_answer != input) throw std::runtime_error("echo answered " + m_answer.substr(0, 200));
    const auto alone = time_each(count, [&] { m_answer = json(json::parse(input)).dump(); });
    const auto checked = time_each(count, [&] { check_and_invoke(input); });
    json found{{"input_bytes", input.size()}};
    add(found, "call", call);
    add(found, "json_alone", alone);
    add(found, "parsed_checked_and_called", checked);
    return found;
  }

 private:
  static loader::Schema schema_of(const loader::Plugin& plugin, std::uint32_t index) {
    auto schema = loader::Schema::compile(plugin.manifest().operations[index].input);
    if (!schema) throw std::runtime_error(schema.error().message);
    return std::move(*schema);
  }

  static void add(json& found, const std::string& name, const Times& times) {
    found[name] = {{"p50_ns", times.p50}, {"p90_ns", times.p90}, {"p99_ns", times.p99}};
  }

  void invoke(std::string input) {
    loader::Request request;
    request.operation = m_index;
    request.input = std::move(input);
    request.asker = m_asker;
    m_plugin->invoke(std::make_shared<Listener>(std::move(request), m_answer));
  }

  void check_and_invoke(const std::string& text) {
    const auto input = routing::parse_json(text);
    if (!input || !m_schema.check(*input).empty()) throw std::runtime_error("the input does not fit");
    invoke(json_text(*input));
  }

  const std::shared_ptr<loader::Plugin> m_plugin;
  const std::uint32_t m_index;
  const loader::Schema m_schema;
  const std::shared_ptr<const session::Asker> m_asker = bench::asker();
  std::string m_answer;
};

int run(const std::string& library) {
  service::EventLoop loop;
  loop.adopt();
  const auto guard = boost::asio::make_work_guard(loop.context());
  service::Pool pool({64, 4096});  // as the host's
  service::Log log(2, {});
  auto plugin = loader::Plugin::load(loader::find_plugin_at(library), json::object(), {loop, pool, log});
  if (!plugin) throw std::runtime_error(plugin.error().message);
  loop.context().poll();  // what waited for its creation
  Bench one_by_one(*plugin, bench::index_of(**plugin, "probe.echo"));
  bench::Flows flows(*plugin, loop);
  const std::string kib_text(1024, 'x');
  json found{{"clock_ns", time_each(calls, [] {}).p50}};
  found["small"] = one_by_one.run("hello");
  found["one_kib"] = one_by_one.run(kib_text);
  found["one_mib"] = one_by_one.run(std::string(mib, 'x'), large_calls);
  found["fifty_at_once_calls_per_s"] =
      flows.calls_per_s(bench::index_of(**plugin, "probe.echo"), json{{"text", kib_text}}.dump());
  found["fifty_blocking_calls_per_s"] =
      flows.calls_per_s(bench::index_of(**plugin, "probe.block"), json{{"ms", 0}}.dump());
  found["events_per_s"] = flows.events_per_s();
  std::cout << found.dump() << std::endl;
  return 0;
}

}  // namespace

int main(int count, char** words) try {
  if (count == 2) return run(words[1]);
  std::fputs("usage: bench-plugin-call …/probe.so\n  Prints what was measured as one JSON object.\n", stderr);
  return 2;
} catch (const std::exception& error) {
  std::fprintf(stderr, "bench-plugin-call: %s\n", error.what());
  return 1;
}
