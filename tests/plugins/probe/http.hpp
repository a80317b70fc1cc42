// A protocol of its own over HTTP: what it was asked comes back, whole or piece by piece, or goes on until its client
// leaves.
#pragma once

#include <berth/plugin.hpp>
#include <chrono>
#include <string>
#include <thread>

inline void speak(berth::Call call) {
  const berth::RawRequest& asked = call.http();
  berth::Head head{"application/json"};
  head.status = call.input().value("status", 200);
  head.fields = {{"X-Probe", "said"},
                 {"Connection", "upgrade"},
                 {"Set-Cookie", "a=b"},
                 {"Bad Name", "x"},
                 {"Cache-Control", "max-age=9"}};
  const std::string word = call.input().at("word");
  if (word == "fail") throw berth::Error(409, "probe_refused", "as was asked");
  if (word == "echo") {
    const berth::Json told{{"method", asked.method},          {"fields", asked.fields},
                           {"accept", asked.field("accept")}, {"type", call.upload().type},
                           {"last", call.last_event_id()},    {"size", asked.content.size()}};
    return static_cast<void>(call.answer(head, berth::json_text(told)));
  }
  if (word == "mirror") return static_cast<void>(call.answer(head, asked.content));
  if (word == "gathered") {  // much, piece by piece, that is to leave as one
    head.whole = true;
    call.begin(head);
    for (int i = 0; i < call.input().value("pieces", 3) && call.bytes(std::string(1000, 'x')); ++i) continue;
    return static_cast<void>(call.finish());
  }
  if (word == "bodiless") {
    call.begin(head);
    call.bytes("of no use");
    return static_cast<void>(call.finish());
  }
  head.type = "text/event-stream";
  call.begin(head);
  const int pieces = call.input().value("pieces", 3), ms = call.input().value("ms", 0);
  for (int i = 0; i < pieces; ++i) {
    if (!call.bytes("id: own-" + std::to_string(i) + "\ndata: {\"n\": " + std::to_string(i) + "}\n\n")) break;
    for (int waited = 0; waited < ms && !call.cancelled(); waited += 10)
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  call.finish();
}

// More than its client takes at once, from where nobody may wait: the rest follows when there is room.
inline void burst(berth::Call call) {
  call.on_drained([call] {
    call.piece("end");
    call.finish();
  });
  call.begin(berth::Head{"text/plain"});
  call.piece(std::string(2u << 20, 'x'));
}
