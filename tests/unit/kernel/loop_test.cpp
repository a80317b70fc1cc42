// The plugin's end: it comes, whatever was thrown, and not before what was written is told.
#include "loop.hpp"

#include <berth/spill.hpp>
#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>
#include <string>

#include "stage.hpp"

namespace kernel {
namespace {

using namespace std::chrono_literals;

TEST(LoopTest, AThrowDoesNotHangWhoWaits) {
  std::string heard;
  Loop loop([&heard](const char* what) { heard = what; });
  loop.wait_for([] { throw std::runtime_error("once"); });
  bool ran = false;
  loop.wait_for([&ran] { ran = true; });
  loop.end();
  EXPECT_TRUE(ran);
  EXPECT_EQ(heard, "once");
}

TEST(LoopTest, WhatASpillerPostsIsRunBeforeTheEnd) {
  struct : berth_host {
  } host{};
  host.service = [](const berth_host*, berth_text) -> const void* {
    static constexpr berth_workspace table{sizeof(berth_workspace), nullptr};
    return &table;
  };
  const berth::Workspaces workspaces(&host);
  Loop loop([](const char*) {});
  berth::Spiller spiller(workspaces, "cells");
  bool told = false;
  loop.wait_for([&] {
    spiller.after([] { std::this_thread::sleep_for(50ms); });
    spiller.after([&] { loop.post([&] { told = true; }); });
  });
  spiller.wait();
  loop.end();
  EXPECT_TRUE(told);
}

}  // namespace
}  // namespace kernel
