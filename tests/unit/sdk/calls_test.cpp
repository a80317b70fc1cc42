// Calls of other operations, at a host that does what this test says.
#include <berth/service/calls.hpp>
#include <gtest/gtest.h>

#include <memory>

namespace {

struct Stand {
  static const void* service(const berth_host*, berth_text) { return &calls; }
  static std::uint64_t start(const berth_host*, const berth_ask*, const berth_ears* given, void* of) {
    ears = given;
    with = of;
    return 7;
  }
  static void none(const berth_host*, std::uint64_t) {}
  static inline const berth_calls calls{sizeof(berth_calls), &start, &none, &none};
  static inline const berth_ears* ears = nullptr;
  static inline void* with = nullptr;
};

// Nothing of a stream comes after that, not even its end.
TEST(Calls, WhoWantsNoMoreOfAStreamIsLetGoOf) {
  berth_host host{};
  host.service = &Stand::service;
  berth::Calls calls(&host);
  const auto held = std::make_shared<int>(0);
  berth::Ears ears;
  berth::Flow flow = berth::Flow::ok;
  ears.chunk = [held, &flow](std::string_view, std::string_view) { return flow; };
  ASSERT_EQ(calls.start(berth::Ask("a.b"), std::move(ears)), 7u);
  berth_chunk chunk{};
  EXPECT_EQ(Stand::ears->chunk(Stand::with, 7, &chunk), BERTH_OK);
  EXPECT_EQ(held.use_count(), 2);
  flow = berth::Flow::gone;
  EXPECT_EQ(Stand::ears->chunk(Stand::with, 7, &chunk), BERTH_GONE);
  EXPECT_EQ(held.use_count(), 1);
}

}  // namespace
