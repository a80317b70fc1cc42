// That a plugin which publishes or logs without end is stopped on its own side: what is dropped there costs the host
// nothing.
#include <berth/abi.h>
#include <berth/service/events.h>
#include <berth/service/log.h>
#include <gtest/gtest.h>

#include "deaf.hpp"
#include "loader/plugin.hpp"
#include "loader/services/bounds.hpp"
#include "service/event_loop.hpp"

namespace berth::loader {
namespace {

struct Shouter {  // does nothing by itself
  static inline const berth_host* host = nullptr;
  static void* create(const berth_host* lent, berth_text) {
    host = lent;
    return &host;
  }
  static void destroy(void*) {}
  static void invoke(void*, const berth_request*) {}
  static void message(void*, berth_call, const berth_chunk*) {}
  static void nothing(void*, berth_call) {}
  static const void* service(void*, berth_text) { return nullptr; }
};

const berth_plugin shouter_entry{sizeof(berth_plugin), BERTH_ABI_MAJOR,   BERTH_ABI_MINOR,  {"{}", 2},
                                 &Shouter::create,     &Shouter::destroy, &Shouter::invoke, &Shouter::message,
                                 &Shouter::nothing,    &Shouter::nothing, &Shouter::service};

struct NoteCounter : DeafDesk {
  void take(Note note, std::shared_ptr<Reply>) override { published += note.verb == Verb::publish; }
  std::size_t published = 0;
};

TEST(EventsLent, AFloodIsDroppedWhereItIsMade) {
  Alone alone;
  auto& [said, log, loop, pool] = alone;
  Manifest manifest;
  manifest.name = "flood";
  const auto desk = std::make_shared<NoteCounter>();
  auto plugin = Plugin::start(&shouter_entry, std::move(manifest), nlohmann::json::object(), {loop, pool, log},
                              {{BERTH_EVENTS}, desk});
  ASSERT_TRUE(plugin) << plugin.error().message;
  const auto* events =
      static_cast<const berth_events*>(Shouter::host->service(Shouter::host, {BERTH_EVENTS, sizeof(BERTH_EVENTS) - 1}));
  constexpr std::size_t flood = 100 * events_at_once;
  for (std::size_t i = 0; i < flood; ++i)
    EXPECT_EQ(events->publish(Shouter::host, {"flood.x", 7}, {}, {"1", 1}), BERTH_OK);
  EXPECT_GE(desk->published, events_at_once);
  EXPECT_LT(desk->published, flood / 2);
  ASSERT_FALSE(said.empty());
  EXPECT_EQ(said[0], "flood: events that it publishes too fast are dropped");
  EXPECT_EQ(events->publish(Shouter::host, {"other.x", 7}, {}, {"1", 1}), BERTH_WRONG);  // as ever
  plugin->reset();
  loop.context().poll();
}

// As the process of a plugin has it, where the log is a link to the host.
TEST(LinesLent, AFloodEndsWhereItIsMade) {
  std::size_t passed = 0;
  std::uint64_t left_out = 0;
  service::Log log{[&](service::Level, std::string_view, std::string_view what, const service::Log::Fields& more) {
    if (what == "x") return void(++passed);
    EXPECT_EQ(what, "lines of this plugin are left out here: it says more than the log takes");
    left_out += std::stoull(more.at(0).value);
  }};
  service::EventLoop loop;
  loop.adopt();
  service::Pool pool{{1, 4}};
  Manifest manifest;
  manifest.name = "flood";
  auto plugin = Plugin::start(&shouter_entry, std::move(manifest), nlohmann::json::object(), {loop, pool, log},
                              {{BERTH_LOG}, std::make_shared<DeafDesk>()});
  ASSERT_TRUE(plugin) << plugin.error().message;
  const auto* lines =
      static_cast<const berth_log*>(Shouter::host->service(Shouter::host, {BERTH_LOG, sizeof(BERTH_LOG) - 1}));
  constexpr std::size_t flood = 20 * lines_at_once;
  for (std::size_t i = 0; i < flood; ++i) lines->write(Shouter::host, BERTH_INFO, {"x", 1}, {});
  EXPECT_GE(passed, lines_at_once);
  EXPECT_LT(passed, flood / 2);
  plugin->reset();
  loop.context().poll();
  EXPECT_EQ(passed + left_out, flood) << "all of them are accounted for";
}

}  // namespace
}  // namespace berth::loader
