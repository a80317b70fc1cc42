// That a plugin in the host's process is destroyed at the end though a call is still open, that nobody is called after
// that, and that a plugin which itself calls then is named.
#include <berth/abi.h>
#include <berth/service/events.h>
#include <berth/service/calls.h>
#include <berth/service/metrics.h>
#include <berth/service/workspace.h>
#include <fcntl.h>
#include <gtest/gtest.h>

#include "deaf.hpp"
#include "loader/host_side.hpp"
#include "loader/plugin.hpp"
#include "loader/process/frame.hpp"
#include "service/event_loop.hpp"
#include "service/unique_fd.hpp"

namespace berth::loader {
namespace {

struct Counts {
  int invoked = 0, destroyed = 0;
} counts;

void* create(const berth_host*, berth_text) { return &counts; }
void destroy(void*) { ++counts.destroyed; }
void invoke(void*, const berth_request*) { ++counts.invoked; }
void message(void*, berth_call, const berth_chunk*) {}
void nothing(void*, berth_call) {}
const void* service(void*, berth_text) { return nullptr; }

const berth_plugin ending_entry{sizeof(berth_plugin),
                                BERTH_ABI_MAJOR,
                                BERTH_ABI_MINOR,
                                {"{}", 2},
                                create,
                                destroy,
                                invoke,
                                message,
                                nothing,
                                nothing,
                                service};

// A plugin that hears an event in the middle of a call, and is destroyed before its turn comes.
Plugin* listener = nullptr;
int heard = 0;

void* listen(const berth_host* host, berth_text) {
  const auto* events = static_cast<const berth_events*>(host->service(host, {BERTH_EVENTS, sizeof(BERTH_EVENTS) - 1}));
  events->subscribe(
      host, {"a.b", 3}, 0, [](void*, std::uint64_t, const berth_event*) { ++heard; }, nullptr);
  return &counts;
}
void hear_meanwhile(void*, const berth_request*) {
  Packer fields;
  fields.number(1).text("a.b").text("");
  listener->hear({Verb::event, 1, fields.done(), "{}", {}});
}

TEST(PluginEnd, WhatAServiceHasForItComesToNobody) {
  counts = {};
  heard = 0;
  const service::UniqueFd nowhere(::open("/dev/null", O_WRONLY | O_CLOEXEC));
  service::EventLoop loop;
  loop.adopt();
  service::Pool pool{{1, 4}};
  service::Log log{nowhere.get(), {}};
  berth_plugin listening = ending_entry;
  listening.create = listen;
  listening.invoke = hear_meanwhile;
  Manifest manifest;
  manifest.name = "listener";
  manifest.operations.resize(1);
  Lending lending;
  lending.services.insert(BERTH_EVENTS);
  auto plugin =
      Plugin::start(&listening, std::move(manifest), nlohmann::json::object(), {loop, pool, log}, std::move(lending));
  ASSERT_TRUE(plugin) << plugin.error().message;
  listener = plugin->get();
  loop.context().poll();  // the end of its creation

  (*plugin)->invoke(std::make_shared<DeafReply>());
  loop.context().restart();
  loop.context().poll();
  EXPECT_EQ(heard, 1);
  (*plugin)->invoke(std::make_shared<DeafReply>());
  (*plugin)->destroy();
  loop.context().restart();
  loop.context().poll();
  EXPECT_EQ(heard, 1) << "it was called after its end";
}

TEST(PluginEnd, LetsGoOfOpenCalls) {
  counts = {};
  const service::UniqueFd nowhere(::open("/dev/null", O_WRONLY | O_CLOEXEC));
  service::EventLoop loop;
  loop.adopt();
  service::Pool pool{{1, 4}};
  service::Log log{nowhere.get(), {}};
  Manifest manifest;
  manifest.name = "sleeper";
  manifest.operations.resize(1);
  manifest.operations[0].concurrent = true;
  auto plugin = Plugin::start(&ending_entry, std::move(manifest), nlohmann::json::object(), {loop, pool, log});
  ASSERT_TRUE(plugin) << plugin.error().message;
  const auto asked = std::make_shared<DeafReply>();
  (*plugin)->invoke(asked);
  EXPECT_EQ(counts.invoked, 1);
  EXPECT_EQ((*plugin)->open_calls(), 1u);

  (*plugin)->destroy();
  EXPECT_EQ(counts.destroyed, 1);
  EXPECT_EQ((*plugin)->open_calls(), 0u);
  EXPECT_EQ(asked.use_count(), 1) << "somebody still holds the call";

  (*plugin)->invoke(asked);
  EXPECT_EQ(counts.invoked, 1) << "it was called after its end";
  plugin->reset();
  EXPECT_EQ(counts.destroyed, 1) << "once is enough";
}

// A plugin of which a thread is left that still has the host's functions.
const berth_host* kept = nullptr;

void* keep(const berth_host* host, berth_text) {
  kept = host;
  return &counts;
}

struct Ear : DeafDesk {
  void take(Note, std::shared_ptr<Reply>) override { ++taken; }
  void leave() override { ++left; }
  int taken = 0, left = 0;
};

TEST(PluginEnd, WhatIsSaidAfterItIsNamedAndComesToNobody) {
  Alone alone;
  auto& [said, log, loop, pool] = alone;
  berth_plugin keeping = ending_entry;
  keeping.create = keep;
  Manifest manifest;
  manifest.name = "keeper";
  manifest.operations.resize(1);
  const auto ear = std::make_shared<Ear>();
  const auto left = std::make_shared<LeftSides>();
  auto plugin = Plugin::start(&keeping, std::move(manifest), nlohmann::json::object(), {loop, pool, log, left},
                              {{BERTH_EVENTS, BERTH_METRICS, BERTH_CALLS, BERTH_WORKSPACE}, ear});
  ASSERT_TRUE(plugin) << plugin.error().message;
  const auto table = [](std::string_view id) { return kept->service(kept, {id.data(), id.size()}); };
  const auto* events = static_cast<const berth_events*>(table(BERTH_EVENTS));
  const auto* metrics = static_cast<const berth_metrics*>(table(BERTH_METRICS));
  const auto* calls = static_cast<const berth_calls*>(table(BERTH_CALLS));
  const auto* workspaces = static_cast<const berth_workspace*>(table(BERTH_WORKSPACE));
  const berth_series counter{sizeof counter, BERTH_COUNTER, {"kept_total", 10}, {"Kept.", 5}, {}, nullptr, 0};
  const auto series = metrics->series(kept, &counter);
  plugin->reset();
  loop.context().restart();
  loop.context().poll();  // its creation, and its end
  EXPECT_EQ(ear->left, 1);
  EXPECT_TRUE(said.empty());

  EXPECT_EQ(kept->send(kept, 1ull << 32, {"{}", 2}), BERTH_WRONG);
  EXPECT_EQ(kept->chunk(kept, 1ull << 32, nullptr), BERTH_WRONG);
  EXPECT_EQ(kept->cancelled(kept, 1ull << 32), 1);
  events->publish(kept, {"keeper.x", 8}, {}, {"{}", 2});
  metrics->add(kept, series, 1);
  calls->resume(kept, 1);
  std::string why;
  const berth_workspace_answer told{sizeof told, 0, &why, [](void*, const berth_workspace_given*) {},
                                    [](void* with, const berth_failure* failure) {
                                      static_cast<std::string*>(with)->assign(failure->code.data, failure->code.size);
                                    }};
  EXPECT_EQ(workspaces->open(kept, {}, &told), 0);
  EXPECT_EQ(why, "not_now");
  loop.context().restart();
  EXPECT_EQ(loop.context().poll(), 0u) << "somebody asks a loop that may be gone by now";
  EXPECT_EQ(ear->taken, 0);
  EXPECT_EQ(said, (std::vector<std::string>{"keeper: the plugin answered a call that had ended, or that never was",
                                            "keeper: the plugin used a service after its end"}));
}

}  // namespace
}  // namespace berth::loader
