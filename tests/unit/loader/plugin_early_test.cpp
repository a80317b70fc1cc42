// What comes for a plugin while it is still being created waits for the end of that, and is not lost.
#include <berth/abi.h>
#include <berth/service/http.h>
#include <berth/service/process.h>
#include <berth/service/timers.h>
#include <berth/service/workspace.h>
#include <fcntl.h>
#include <gtest/gtest.h>

#include <future>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <thread>

#include "loader/host_side.hpp"
#include "loader/plugin.hpp"
#include "loader/services/lent.hpp"
#include "service/event_loop.hpp"
#include "service/unique_fd.hpp"

namespace berth::loader {
namespace {

struct Slow {  // a plugin whose create() sets a timer and then takes until it is told
  std::promise<void> asked, told;
  int ticks = 0;
  bool created = false, ticked_early = false;
};
Slow* slow = nullptr;  // C has no other way to it

void* create_slowly(const berth_host* host, berth_text) {
  const auto* timers = static_cast<const berth_timers*>(host->service(host, {BERTH_TIMERS, sizeof(BERTH_TIMERS) - 1}));
  const berth_tick tick{sizeof(berth_tick), 0,
                        [](void* with, std::uint64_t, std::uint64_t) {
                          auto* self = static_cast<Slow*>(with);
                          ++self->ticks;
                          self->ticked_early = self->ticked_early || !self->created;
                        },
                        nullptr, slow};
  timers->after(host, 0, &tick);
  slow->asked.set_value();
  slow->told.get_future().wait();
  slow->created = true;
  return slow;
}

const berth_plugin* slow_entry() {
  static const berth_plugin plugin{sizeof(berth_plugin),
                                   BERTH_ABI_MAJOR,
                                   BERTH_ABI_MINOR,
                                   {"{}", 2},
                                   &create_slowly,
                                   [](void*) {},
                                   [](void*, const berth_request*) {},
                                   [](void*, berth_call, const berth_chunk*) {},
                                   [](void*, berth_call) {},
                                   [](void*, berth_call) {},
                                   [](void*, berth_text) -> const void* { return nullptr; }};
  return &plugin;
}

// A plugin whose create() waits for an answer, a program and a workspace, which it would hear of only afterwards.
struct Impatient {
  int exchange = -1, process = -1, workspace = -1;
  std::string why;
};
Impatient impatient;

template <class Table>
const Table* lent(const berth_host* host, std::string_view id) {
  return static_cast<const Table*>(host->service(host, {id.data(), id.size()}));
}

void* wait_for_all(const berth_host* host, berth_text) {
  const auto* http = lent<berth_http>(host, BERTH_HTTP);
  berth_http_request request{};
  request.size = sizeof request;
  request.flags = BERTH_HTTP_BESIDE;
  request.target = {"http://127.0.0.1:1", 18};
  berth_http_ears answer{};
  answer.size = sizeof answer;
  answer.ended = [](void*, std::uint64_t, const berth_failure*) {};
  impatient.exchange = http->wait(host, http->start(host, &request, &answer));

  const auto* processes = lent<berth_process>(host, BERTH_PROCESS);
  const berth_text program{"true", 4};
  berth_process_plan plan{};
  plan.size = sizeof plan;
  plan.flags = BERTH_PROCESS_BESIDE;
  plan.arguments = &program;
  plan.argument_count = 1;
  berth_process_ears ears{};
  ears.size = sizeof ears;
  ears.ended = [](void*, std::uint64_t, const berth_process_end*) {};
  impatient.process = processes->wait(host, processes->spawn(host, &plan, &ears));

  const berth_workspace_answer told{
      sizeof told, 0, nullptr, [](void*, const berth_workspace_given*) {},
      [](void*, const berth_failure* why) { impatient.why.assign(why->code.data, why->code.size); }};
  impatient.workspace = lent<berth_workspace>(host, BERTH_WORKSPACE)->open(host, {"", 0}, &told);
  return &impatient;
}

struct PluginEarly : testing::Test {
  const service::UniqueFd nowhere{::open("/dev/null", O_WRONLY | O_CLOEXEC)};
  service::Log log{nowhere.get(), {}};
  service::EventLoop loop;
  service::Pool pool{{1, 1}};
  std::shared_ptr<Plugin> made;

  PluginEarly() { loop.adopt(); }
  ~PluginEarly() override {
    made.reset();
    pool.end();
    loop.context().restart();
    loop.context().poll();
  }
  void turn(std::chrono::milliseconds patience) {
    loop.context().restart();
    loop.context().run_one_for(patience);
  }
  // As the host does it: beside its loop.
  std::thread start(const berth_plugin* plugin, std::set<std::string> services) {
    return std::thread([this, plugin, services = std::move(services)] {
      Manifest manifest;
      manifest.name = "early";
      Lending lending;
      for (const auto& id : services) lending.services.insert(id);
      lending.loop = &loop;
      made = *Plugin::start(plugin, manifest, nlohmann::json::object(), {loop, pool, log}, std::move(lending));
    });
  }
};

TEST_F(PluginEarly, NothingIsWaitedForInCreate) {
  impatient = {};
  static berth_plugin waiting = *slow_entry();  // is there until the fixture has let go of it
  waiting.create = wait_for_all;
  start(&waiting, {BERTH_HTTP, BERTH_PROCESS, BERTH_WORKSPACE}).join();
  EXPECT_EQ(impatient.exchange, 0);
  EXPECT_EQ(impatient.process, 0);
  EXPECT_EQ(impatient.workspace, 0);
  EXPECT_EQ(impatient.why, "would_block");
}

// Built for the first version of the service, whose ears had an end before what was added to them.
std::uint64_t taken_of_first = 0, taken_of_less = 0;

void* hear_as_at_first(const berth_host* host, berth_text) {
  const berth_text program{"true", 4};
  berth_process_plan plan{};
  plan.size = sizeof plan;
  plan.arguments = &program;
  plan.argument_count = 1;
  berth_process_ears ears{};
  ears.ended = [](void*, std::uint64_t, const berth_process_end*) {};
  const auto* processes = lent<berth_process>(host, BERTH_PROCESS);
  ears.size = offsetof(berth_process_ears, hits);
  taken_of_first = processes->spawn(host, &plan, &ears);
  ears.size = offsetof(berth_process_ears, with);
  taken_of_less = processes->spawn(host, &plan, &ears);
  return &impatient;
}

TEST_F(PluginEarly, EarsOfTheFirstVersionAreTaken) {
  static berth_plugin older = *slow_entry();
  older.create = hear_as_at_first;
  start(&older, {BERTH_PROCESS}).join();
  EXPECT_NE(taken_of_first, 0u);
  EXPECT_EQ(taken_of_less, 0u);
}

// One whose create() sets a timer and then gives up; what it was lent is kept for threads that it may have left.
int gone = 0;

void* give_up(const berth_host* host, berth_text) {
  const berth_tick tick{sizeof(berth_tick), 0, [](void*, std::uint64_t, std::uint64_t) { ADD_FAILURE() << "a tick"; },
                        [](void*) { ++gone; }, nullptr};
  lent<berth_timers>(host, BERTH_TIMERS)->every(host, 1, &tick);
  return nullptr;
}

TEST_F(PluginEarly, WhoIsNotCreatedKeepsNoTimer) {
  gone = 0;
  static berth_plugin giving = *slow_entry();
  giving.create = give_up;
  Manifest manifest;
  manifest.name = "early";
  Lending lending;
  lending.services.insert(BERTH_TIMERS);
  lending.loop = &loop;
  const auto left = std::make_shared<LeftSides>();
  EXPECT_FALSE(Plugin::start(&giving, manifest, nlohmann::json::object(), {loop, pool, log, left}, std::move(lending)));
  EXPECT_EQ(gone, 1);
  for (int i = 0; i < 3; ++i) turn(std::chrono::milliseconds(5));
}

TEST_F(PluginEarly, AnotherMajorIsRefusedWithTheReason) {
  berth_plugin other = *slow_entry();
  other.major = BERTH_ABI_MAJOR + 1;
  Manifest manifest;
  manifest.name = "early";
  Lending lending;
  lending.loop = &loop;
  const auto started = Plugin::start(&other, manifest, nlohmann::json::object(), {loop, pool, log}, std::move(lending));
  ASSERT_FALSE(started);
  EXPECT_NE(started.error().message.find("built for ABI " + std::to_string(BERTH_ABI_MAJOR + 1)), std::string::npos);
}

TEST_F(PluginEarly, WhatComesDuringCreateIsHeardAfterIt) {
  Slow plugin;
  slow = &plugin;
  std::thread creator = start(slow_entry(), {BERTH_TIMERS});
  plugin.asked.get_future().wait();
  // The timer is due, and the loop sees it, while create() still runs.
  for (int i = 0; i < 10; ++i) turn(std::chrono::milliseconds(10));
  plugin.told.set_value();
  creator.join();
  for (int i = 0; i < 500 && plugin.ticks == 0; ++i) turn(std::chrono::milliseconds(10));
  EXPECT_EQ(plugin.ticks, 1);
  EXPECT_FALSE(plugin.ticked_early);
}

}  // namespace
}  // namespace berth::loader
