// That a plugin which publishes without end is stopped on its own side: what is dropped there costs the host nothing.
#include <berth/abi.h>
#include <berth/service/events.h>
#include <gtest/gtest.h>

#include "loader/plugin.hpp"
#include "loader/services/bounds.hpp"
#include "service/event_loop.hpp"

namespace berth::loader {
namespace {

struct Publisher {  // does nothing by itself
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

const berth_plugin publisher_entry{sizeof(berth_plugin), BERTH_ABI_MAJOR,     BERTH_ABI_MINOR,    {"{}", 2},
                                   &Publisher::create,   &Publisher::destroy, &Publisher::invoke, &Publisher::message,
                                   &Publisher::nothing,  &Publisher::nothing, &Publisher::service};

struct NoteCounter : Desk {
  void take(Note note, std::shared_ptr<Reply>) override { published += note.verb == Verb::publish; }
  void connect(std::function<void(Note)>) override {}
  void cancelled(const Reply&) override {}
  void leave() override {}
  std::size_t published = 0;
};

TEST(EventsLent, AFloodIsDroppedWhereItIsMade) {
  std::vector<std::string> said;
  service::Log log{[&](service::Level, std::string_view who, std::string_view what, const service::Log::Fields&) {
    said.push_back(std::string(who) + ": " + std::string(what));
  }};
  service::EventLoop loop;
  loop.adopt();
  service::Pool pool{{1, 4}};
  Manifest manifest;
  manifest.name = "flood";
  const auto desk = std::make_shared<NoteCounter>();
  auto plugin = Plugin::start(&publisher_entry, std::move(manifest), nlohmann::json::object(), {loop, pool, log},
                              {{BERTH_EVENTS}, desk});
  ASSERT_TRUE(plugin) << plugin.error().message;
  const auto* events = static_cast<const berth_events*>(
      Publisher::host->service(Publisher::host, {BERTH_EVENTS, sizeof(BERTH_EVENTS) - 1}));
  constexpr std::size_t flood = 100 * events_at_once;
  for (std::size_t i = 0; i < flood; ++i)
    EXPECT_EQ(events->publish(Publisher::host, {"flood.x", 7}, {}, {"1", 1}), BERTH_OK);
  EXPECT_GE(desk->published, events_at_once);
  EXPECT_LT(desk->published, flood / 2);
  ASSERT_FALSE(said.empty());
  EXPECT_EQ(said[0], "flood: events that it publishes too fast are dropped");
  EXPECT_EQ(events->publish(Publisher::host, {"other.x", 7}, {}, {"1", 1}), BERTH_WRONG);  // as ever
  plugin->reset();
  loop.context().poll();
}

}  // namespace
}  // namespace berth::loader
