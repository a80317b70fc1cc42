// What comes for a plugin while it is still being created waits for the end of that, and is not lost.
#include <berth/abi.h>
#include <berth/service/timers.h>
#include <fcntl.h>
#include <gtest/gtest.h>

#include <future>
#include <nlohmann/json.hpp>
#include <thread>

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

void* create(const berth_host* host, berth_text) {
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

const berth_plugin* entry() {
  static const berth_plugin plugin{sizeof(berth_plugin),
                                   BERTH_ABI_MAJOR,
                                   BERTH_ABI_MINOR,
                                   {"{}", 2},
                                   &create,
                                   [](void*) {},
                                   [](void*, const berth_request*) {},
                                   [](void*, berth_call, const berth_chunk*) {},
                                   [](void*, berth_call) {},
                                   [](void*, berth_call) {},
                                   [](void*, berth_text) -> const void* { return nullptr; }};
  return &plugin;
}

TEST(PluginEarly, WhatComesDuringCreateIsHeardAfterIt) {
  Slow plugin;
  slow = &plugin;
  const service::UniqueFd nowhere(::open("/dev/null", O_WRONLY | O_CLOEXEC));
  service::Log log(nowhere.get(), {});
  service::EventLoop loop;
  loop.adopt();
  service::Pool pool({1, 1});
  Manifest manifest;
  manifest.name = "slow";
  Lending lending;
  lending.services.insert(BERTH_TIMERS);
  lending.loop = &loop;
  std::shared_ptr<Plugin> made;
  std::thread creator([&] {
    made = *Plugin::start(entry(), manifest, nlohmann::json::object(), {loop, pool, log}, std::move(lending));
  });
  plugin.asked.get_future().wait();
  // The timer is due, and the loop sees it, while create() still runs.
  for (int i = 0; i < 10; ++i) {
    loop.context().restart();
    loop.context().run_one_for(std::chrono::milliseconds(10));
  }
  plugin.told.set_value();
  creator.join();
  for (int i = 0; i < 500 && plugin.ticks == 0; ++i) {
    loop.context().restart();
    loop.context().run_one_for(std::chrono::milliseconds(10));
  }
  EXPECT_EQ(plugin.ticks, 1);
  EXPECT_FALSE(plugin.ticked_early);
  made.reset();
  pool.end();
}

}  // namespace
}  // namespace berth::loader
