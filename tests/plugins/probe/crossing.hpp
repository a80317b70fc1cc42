// Calls that two threads answer at once, or that end in an unusual place.
#pragma once

#include <berth/plugin.hpp>
#include <chrono>
#include <string>
#include <thread>

// What was pushed before comes before: the first events come from a thread, the last one from the I/O thread, set off
// by the former on their way out.
inline void cross_events(berth::Call call) {
  call.on_cancel([call] { call.finish(); });
  call.on_drained([call] {
    call.push({{"n", "last"}});
    call.finish();
  });
  std::thread([call] {
    call.push({{"n", 1}, {"data", std::string(200'000, 'a')}});
    for (int n = 2; n <= 10; ++n) {
      if (call.push({{"n", n}, {"data", std::string(30'000, 'b')}}) != berth::Flow::ok) break;
    }
  }).join();
}

inline void cross_pieces(berth::Call call) {
  call.on_cancel([call] { call.finish(); });
  call.on_drained([call] {
    call.binary("last");
    call.finish();
  });
  std::thread([call] {
    call.begin({"text/plain", {}, {}});
    call.binary(std::string(200'000, 'a'));
    for (int n = 2; n <= 10; ++n) {
      if (call.binary(std::string(30'000, 'b')) != berth::Flow::ok) break;
    }
  }).join();
}

// The handler waits for room while another thread ends the call.
inline void end_from_elsewhere(berth::Call call) {
  std::thread([call] {
    std::this_thread::sleep_for(std::chrono::milliseconds(500));
    call.fail({504, "too_slow", "too slow"});
  }).detach();
  const std::string filling(100'000, 'x');
  while (call.event({{"data", filling}})) {
  }
}

inline void fail_late(berth::Call call) {
  std::this_thread::sleep_for(std::chrono::milliseconds(call.input().at("ms").get<int>()));
  throw berth::Error(409, "my_code", "my words", "my hint");
}

inline void chat_slowly(berth::Call call) {
  call.on_cancel([call] { call.finish(); });
  call.on_message([call](const berth::Message& message) {
    std::this_thread::sleep_for(std::chrono::milliseconds(2500));
    call.message(message.bytes);
  });
}
