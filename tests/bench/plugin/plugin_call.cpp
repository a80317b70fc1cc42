// Times calls into a plugin through loader::Plugin, one by one: JSON text in, parsed, handled and written by the
// plugin, JSON text out. Beside it the same JSON work without a plugin, so that the price of the boundary itself can be
// told, and the same call as routing makes it, with the input checked against its schema before.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <functional>
#include <iostream>
#include <memory>
#include <berth/json_text.hpp>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "loader/finder.hpp"
#include "loader/plugin.hpp"
#include "routing/json_input.hpp"
#include "loader/schema/schema.hpp"
#include "service/log.hpp"
#include "service/loop.hpp"
#include "service/pool.hpp"

namespace {

using namespace berth;
using nlohmann::json;
using Clock = std::chrono::steady_clock;

constexpr std::size_t warm_up = 20'000, calls = 200'000;
constexpr const char* operation = "probe.echo";

// The bench's own thread is the I/O thread; what is posted would be work that a call left behind, and echo leaves none.
class ThisThread final : public service::Loop {
 public:
  void post(std::function<void()> job) override { job(); }
  bool here() const override { return true; }
};

class Listener final : public loader::Reply {
 public:
  Listener(loader::Request request, std::string& answer) : m_request(std::move(request)), m_answer(answer) {}
  const loader::Request& request() const override { return m_request; }
  loader::Flow send(std::string text) override {
    m_answer = std::move(text);
    return loader::Flow::ok;
  }
  loader::Flow fail(service::Error error) override { throw std::runtime_error(error.message); }
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
Times time_each(Work work) {
  std::vector<std::int64_t> times(calls);
  for (std::size_t i = 0; i < warm_up; ++i) work();
  for (auto& time : times) {
    const auto began = Clock::now();
    work();
    time = std::chrono::nanoseconds(Clock::now() - began).count();
  }
  std::sort(times.begin(), times.end());
  const auto at = [&](std::size_t percent) { return static_cast<double>(times[calls * percent / 100]); };
  return {at(50), at(90), at(99)};
}

class Bench {
 public:
  Bench(std::shared_ptr<loader::Plugin> plugin, std::uint32_t index)
      : m_plugin(std::move(plugin)), m_index(index), m_schema(schema_of(*m_plugin, index)) {}

  json run(const std::string& text) {
    const std::string input = json{{"number", 7}, {"text", text}}.dump();
    const auto call = time_each([&] { invoke(input); });
    if (m_answer != input) throw std::runtime_error("echo answered " + m_answer.substr(0, 200));
    const auto alone = time_each([&] { m_answer = json(json::parse(input)).dump(); });
    const auto checked = time_each([&] { check_and_invoke(input); });
    json found{{"input_bytes", input.size()}};
    add(found, "call", call);
    add(found, "json_alone", alone);
    add(found, "parsed_checked_and_called", checked);
    return found;
  }

 private:
  static std::shared_ptr<const session::Asker> asker() {
    auto made = std::make_shared<session::Asker>();
    made->who = {"bench", session::Scope::run, std::nullopt};
    made->request_id = "bench-1";
    return made;
  }

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
  const std::shared_ptr<const session::Asker> m_asker = asker();
  std::string m_answer;
};

std::uint32_t index_of(const loader::Plugin& plugin) {
  const auto& all = plugin.manifest().operations;
  const auto at = std::find_if(all.begin(), all.end(), [](const auto& one) { return one.name == operation; });
  if (at == all.end()) throw std::runtime_error(std::string("the plugin has no ") + operation);
  return static_cast<std::uint32_t>(at - all.begin());
}

int run(const std::string& library) {
  ThisThread loop;
  service::Pool pool({1, 1});
  service::Log log(2, {});
  auto plugin = loader::Plugin::load(loader::find_plugin_at(library), json::object(), {loop, pool, log});
  if (!plugin) throw std::runtime_error(plugin.error().message);
  Bench bench(*plugin, index_of(**plugin));
  const json found{{"clock_ns", time_each([] {}).p50},
                   {"small", bench.run("hello")},
                   {"one_kib", bench.run(std::string(1024, 'x'))}};
  std::cout << found.dump() << std::endl;
  return 0;
}

}  // namespace

int main(int count, char** words) try {
  if (count == 2) return run(words[1]);
  std::fputs("usage: bench-plugin-call …/probe.so\n  Prints nanoseconds for each call as one JSON object.\n", stderr);
  return 2;
} catch (const std::exception& error) {
  std::fprintf(stderr, "bench-plugin-call: %s\n", error.what());
  return 1;
}
