// Variables into files and back. Whoever leaves before the end has it broken off: nothing is half done then.
#include <initializer_list>
#include <utility>

#include "cryo.hpp"
#include "plugin.hpp"

namespace kernel {

using berth::Call;
using berth::Error;
using berth::Json;

namespace {

// Of what was asked, what the engine is asked.
Json request_of(const char* name, const Json& input, std::initializer_list<const char*> fields) {
  Json request{{"request", name}, {"path", Cryo::place_of(input.value("path", "output/state.cryo"))}};
  for (const char* one : fields)
    if (input.contains(one)) request[one] = input[one];
  return request;
}

}  // namespace

void Plugin::keep(const Call& call, const Json& request, Task::Stake stake, std::initializer_list<const char*> fields) {
  with_kernel(call, [this, call, request, stake, names = std::vector<const char*>(fields)](
                        Seat&, const std::shared_ptr<Kernel>& kernel) {
    if (kernel->engine() != Seat::python)
      throw Error(422, "no_cryo", "a kernel of the engine " + kernel->engine() + " cannot be kept in a file",
                  "only the engine python can");
    const auto tell = [call, names, path = request["path"]](const Json& done, const std::optional<Error>& error) {
      if (error) return void(call.fail(*error));
      Json answer = Json::object();
      for (const char* one : names) answer[one] = done.value(one, Json());
      if (!answer["path"].is_string()) answer["path"] = path;
      if (done.contains("ms")) answer["timing_ms"] = done["ms"];
      call.send(answer);
    };
    const std::chrono::milliseconds time(
        static_cast<std::int64_t>(call.input().value("timeout", stake == Task::Stake::none ? 10.0 : 300.0) * 1000));
    const auto task = std::make_shared<Cryo>(request, stake, time, tell);
    drop_if_left(call, kernel, task);
    kernel->run(task);
  });
}

void Plugin::cryo_store(Call call) {
  keep(call, request_of("store", call.input(), {"include", "exclude", "history"}), Task::Stake::keeps,
       {"path", "bytes", "count", "stored", "left_out", "notes"});
}

void Plugin::cryo_reload(Call call) {
  keep(call, request_of("reload", call.input(), {"include", "exclude", "mode", "strict", "map"}), Task::Stake::brings,
       {"path", "mode", "count", "loaded", "failed", "whole", "mismatch", "notes"});
}

void Plugin::cryo_look(Call call) {
  keep(call, request_of("cryo_look", call.input(), {}), Task::Stake::none,
       {"path", "bytes", "whole", "header", "records", "damaged"});
}

}  // namespace kernel
