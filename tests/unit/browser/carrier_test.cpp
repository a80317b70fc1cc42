// The thread that waits for disks.
#include "carrier.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <memory>

namespace browser {
namespace {

// As a folder of the porch does, whose last owner may be a piece of work.
TEST(CarrierTest, WhatAPieceOfWorkHeldMayGiveItMore) {
  std::promise<void> done;
  Carrier carrier;
  {
    const std::shared_ptr<int> held(new int, [&](int* one) {
      delete one;
      carrier.add([&done] { done.set_value(); });
    });
    carrier.add([held] {});
  }
  ASSERT_EQ(done.get_future().wait_for(std::chrono::seconds(10)), std::future_status::ready);
  carrier.end();
}

}  // namespace
}  // namespace browser
