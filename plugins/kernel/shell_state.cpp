// One call after the other: what is asked changes what is asked next. Only what has changed is told.
#include "shell_state.hpp"

#include <deque>
#include <memory>
#include <optional>
#include <utility>

#include "fields.hpp"

namespace kernel::shell_state {

using berth::Error;
using berth::Json;

namespace {

constexpr std::size_t most_variables = 64u << 10;  // bytes; each checkpoint holds its own

using Answered = std::function<void(const std::optional<Json>&, const std::string& why)>;

void ask(const CellTools& tools, const As& as, const char* operation, const Json& input, const Answered& then) {
  const auto back = [&loop = tools.loop, then](std::optional<Json> answer, const std::string& why) {
    loop.post([then, answer = std::move(answer), why] { then(answer, why); });
  };
  const auto number = tools.calls.start(
      as(berth::Ask(operation, input)),
      {[back](const Json& answer) { back(answer, {}); }, [back](const Error& error) { back({}, error.message()); }});
  if (number == 0) back({}, "no more calls can be made now, or berth.lua grants none");
}

// The calls that are still to be made.
struct Steps {
  const CellTools tools;
  const As as;
  const std::function<void(const std::string&)> then;
  std::deque<std::pair<const char*, Json>> left = {};
  std::string why = {};
};

void go_on(const std::shared_ptr<Steps>& steps) {
  if (steps->left.empty()) return steps->then(steps->why);
  const auto step = std::move(steps->left.front());
  steps->left.pop_front();
  ask(steps->tools, steps->as, step.first, step.second, [steps](const auto& answer, const std::string& why) {
    if (!answer && steps->why.empty()) steps->why = why;
    go_on(steps);
  });
}

// Functions that bash exports are no variables that anybody could set.
bool can_be_set(const std::string& key) { return key.find('%') == std::string::npos; }

void plan(Steps& steps, const Json& now, const Json& then) {
  for (const auto& [key, value] : now.items())
    if (!then.contains(key) && can_be_set(key)) steps.left.emplace_back("shell.env", Json{{"key", key}});
  for (const auto& [key, value] : then.items())
    if (field(now, key.c_str()) != value && can_be_set(key))
      steps.left.emplace_back("shell.env", Json{{"key", key}, {"value", value}});
}

}  // namespace

void take(const CellTools& tools, const As& as, const std::function<void(Json)>& then) {
  struct Both {
    Json folder, env;
    int left = 2;
  };
  const auto both = std::make_shared<Both>();
  const auto one_of_them = [both, then] {
    if (--both->left > 0) return;
    if (!both->folder.is_string()) return then(nullptr);
    const bool many = berth::json_text(both->env).size() > most_variables;
    then({{"cwd", both->folder}, {"env", many ? Json() : both->env}});
  };
  ask(tools, as, "shell.cwd", Json::object(), [both, one_of_them](const auto& answer, const std::string&) {
    if (answer) both->folder = field(*answer, "cwd");
    one_of_them();
  });
  ask(tools, as, "shell.variables", Json::object(), [both, one_of_them](const auto& answer, const std::string&) {
    if (answer) both->env = typed(*answer, "env", Json::object());
    one_of_them();
  });
}

void put_back(const CellTools& tools, const As& as, const Json& state,
              const std::function<void(const std::string& why)>& then) {
  if (!state.is_object()) return then({});
  const auto steps = std::make_shared<Steps>(Steps{tools, as, then});
  take(tools, as, [steps, state](const Json& now) {
    if (!now.is_object()) return steps->then("there is no shell now");
    if (now["env"].is_object() && state["env"].is_object()) plan(*steps, now["env"], state["env"]);
    if (!state["env"].is_object()) steps->why = "its variables were more than 64 KiB, and were not kept";
    if (now["cwd"] != state["cwd"]) steps->left.emplace_back("shell.cd", Json{{"path", state["cwd"]}});
    go_on(steps);
  });
}

}  // namespace kernel::shell_state
