// One call after the other: what is asked changes what is asked next. Only what has changed is told.
#include "shell_state.hpp"

#include <deque>
#include <memory>
#include <optional>
#include <utility>

#include "fields.hpp"

namespace kernel::shell_state {

using berth::Call;
using berth::Error;
using berth::Json;

namespace {

constexpr std::size_t most_variables = 64u << 10;  // bytes; each checkpoint holds its own

using Answered = std::function<void(const std::optional<Json>&, const std::string& why)>;

void ask(const CellTools& tools, const Call& call, const char* operation, const Json& input, const Answered& then) {
  const auto back = [&loop = tools.loop, then](std::optional<Json> answer, const std::string& why) {
    loop.post([then, answer = std::move(answer), why] { then(answer, why); });
  };
  const auto number = tools.calls.start(
      berth::Ask(operation, input).as(call).as_session(),
      {[back](const Json& answer) { back(answer, {}); }, [back](const Error& error) { back({}, error.message()); }});
  if (number == 0) back({}, "no more calls can be made now, or berth.lua grants none");
}

// The calls that are still to be made.
struct Steps {
  const CellTools tools;
  const Call call;
  const std::function<void(const std::string&)> then;
  std::deque<std::pair<const char*, Json>> left = {};
  std::string why = {};
};

void go_on(const std::shared_ptr<Steps>& steps) {
  if (steps->left.empty()) return steps->then(steps->why);
  const auto step = std::move(steps->left.front());
  steps->left.pop_front();
  ask(steps->tools, steps->call, step.first, step.second, [steps](const auto& answer, const std::string& why) {
    if (!answer && steps->why.empty()) steps->why = why;
    go_on(steps);
  });
}

void plan(Steps& steps, const Json& now, const Json& then) {
  for (const auto& [key, value] : now.items())
    if (!then.contains(key)) steps.left.emplace_back("shell.env", Json{{"key", key}});
  for (const auto& [key, value] : then.items())
    if (field(now, key.c_str()) != value) steps.left.emplace_back("shell.env", Json{{"key", key}, {"value", value}});
}

}  // namespace

void take(const CellTools& tools, const Call& call, const std::function<void(Json)>& then) {
  ask(tools, call, "shell.cwd", Json::object(), [tools, call, then](const auto& folder, const std::string&) {
    if (!folder) return then(nullptr);
    const std::string cwd = text(*folder, "cwd");
    ask(tools, call, "shell.variables", Json::object(), [then, cwd](const auto& variables, const std::string&) {
      if (!variables) return then(nullptr);
      const Json env = typed(*variables, "env", Json::object());
      then({{"cwd", cwd}, {"env", berth::json_text(env).size() > most_variables ? Json() : env}});
    });
  });
}

void put_back(const CellTools& tools, const Call& call, const Json& state,
              const std::function<void(const std::string& why)>& then) {
  if (!state.is_object()) return then({});
  const auto steps = std::make_shared<Steps>(Steps{tools, call, then});
  take(tools, call, [steps, state](const Json& now) {
    if (!now.is_object()) return steps->then("there is no shell now");
    if (now["env"].is_object() && state["env"].is_object()) plan(*steps, now["env"], state["env"]);
    if (!state["env"].is_object()) steps->why = "its variables were more than 64 KiB, and were not kept";
    if (now["cwd"] != state["cwd"]) steps->left.emplace_back("shell.cd", Json{{"path", state["cwd"]}});
    go_on(steps);
  });
}

}  // namespace kernel::shell_state
