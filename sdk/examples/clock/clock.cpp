// The smallest complete plugin: GET /clock/now?offset=540 tells the time, nine hours east of UTC.
#include <berth/plugin.hpp>

#include <ctime>

struct Clock {
  static void declare(berth::Declaration<Clock>& d) {
    d.plugin("clock", "1.0.0", "Tells the time");
    const auto offset = berth::integer().minimum(-840).maximum(840).describe("Minutes east of UTC");
    d.get("now", "/clock/now").summary("The time now").read_only().concurrent()
        .input(berth::object({berth::optional("offset", offset)}))
        .output(berth::object({berth::field("time", berth::string()), berth::field("offset", offset)}))
        .handle(&Clock::now);
  }
  berth::Json now(const berth::Json& input) {
    const int offset = input.value("offset", 0);
    const std::time_t there = std::time(nullptr) + offset * 60;
    std::tm parts{};
    char text[32];
    text[std::strftime(text, sizeof text, "%FT%T", gmtime_r(&there, &parts))] = '\0';
    return {{"time", text}, {"offset", offset}};
  }
};
BERTH_PLUGIN(Clock);
