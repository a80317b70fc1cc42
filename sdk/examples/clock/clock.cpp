// The smallest complete plugin: GET /clock/now?offset=540 tells the time, nine hours east of UTC.
#include <berth/plugin.hpp>

#include <ctime>

struct Clock {
  static void declare(berth::Declaration<Clock>& d) {
    d.plugin("clock", "1.0.0", "Tells the time");
    const auto offset = berth::integer().minimum(-840).maximum(840).describe("Minutes east of UTC");
    d.get("now", "/clock/now")
        .summary("The time now")
        .concurrent()
        .input(berth::object({berth::optional("offset", offset)}))
        .output(berth::object({berth::field("time", berth::string()), berth::field("offset", offset)}))
        .handle(&Clock::now);
  }
  berth::Json now(const berth::Json& input) {
    const std::time_t there = std::time(nullptr) + input.value("offset", 0) * 60;
    std::tm parts{};
    char text[32];
    std::strftime(text, sizeof text, "%FT%T", gmtime_r(&there, &parts));
    return {{"time", text}, {"offset", input.value("offset", 0)}};
  }
};
BERTH_PLUGIN(Clock);
