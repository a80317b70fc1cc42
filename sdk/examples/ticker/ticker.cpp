// A stream: GET /ticker?every=500&count=10 sends an event every half a second. It may be resumed: a client that loses
// its connection and comes back with Last-Event-ID misses nothing.
#include <berth/plugin.hpp>

#include <chrono>
#include <thread>

struct Ticker {
  static void declare(berth::Declaration<Ticker>& d) {
    d.plugin("ticker", "1.0.0", "Ticks");
    d.stream("ticks", "/ticker")
        .summary("A tick every so many milliseconds")
        .input(berth::object({
            berth::optional("every", berth::integer().minimum(10).maximum(60'000).otherwise(1000).describe(
                                         "Milliseconds between two ticks")),
            berth::optional("count", berth::integer().minimum(1).describe("How many; without it, for ever")),
        }))
        .concurrent()  // many clients at once,
        .blocking()    // each on a thread of its own, which may sleep
        .resumable()
        .handle(&Ticker::tick);
  }

  void tick(berth::Call call) {
    const std::chrono::milliseconds every(call.input().value("every", 1000));
    const long long count = call.input().value("count", 0LL);
    for (long long n = 1; count == 0 || n <= count; ++n) {
      if (!call.event({{"tick", n}}, "tick")) break;  // the client has left
      if (n != count) pause(call, every);
    }
    call.finish();
  }

  // Sleeps in short naps, so that a client's leaving ends it soon.
  static void pause(const berth::Call& call, std::chrono::milliseconds time) {
    const auto until = std::chrono::steady_clock::now() + time;
    while (!call.cancelled() && std::chrono::steady_clock::now() < until) {
      std::this_thread::sleep_for(std::min<std::chrono::steady_clock::duration>(
          std::chrono::milliseconds(50), until - std::chrono::steady_clock::now()));
    }
  }
};
BERTH_PLUGIN(Ticker);
