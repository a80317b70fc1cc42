// The tools of linux-mcp-server that run scripts. Each is looked at first and kept, then asked about, then run in the
// session's jail, as a command of plugins/shell.
#include <berth/call_parts.hpp>
#include <berth/json_text.hpp>

#include <utility>

#include "familiar.hpp"

namespace mcp {

namespace for_scripts {
namespace {

using berth::Error;
using Next = std::optional<Step>;

constexpr const char* run_operation = "shell.run";
constexpr int most_seconds = 300;

// bash reads it, and python parses it; neither does any of it.
Step look(const Json& arguments) {
  const std::string type = text_in(arguments, "script_type"), text = text_in(arguments, "script");
  if (type != "bash" && type != "python") throw Error(422, "invalid_input", "script_type is bash or python");
  Json argv = Json::array({"bash", "-n"});
  if (type == "python") argv = Json::array({"python3", "-c", "import ast, sys; ast.parse(sys.stdin.read())"});
  return {run_operation, {{"argv", std::move(argv)}, {"stdin", text}, {"timeout", 20}}};
}

// Looked at, and kept.
Next to_kept(const Json& arguments, const Json& all) {
  if (all.empty()) return look(arguments);
  if (all.size() > 1) return std::nullopt;
  const Json& looked = all[0];
  if (part(looked, "returncode") != 0)
    throw Error(
        422, "script_invalid",
        "the script is none that " + text_in(arguments, "script_type") + " understands: " + text_in(looked, "stderr"));
  return Step{"script.keep", arguments};
}

Json question(const Json& script) {
  const std::string text = "A script waits for your approval (" + text_in(script, "script_type") +
                           (part(script, "readonly") == true ? ", said to change nothing" : "") +
                           "): " + text_in(script, "description") + "\n\n" + text_in(script, "script");
  return Json(text);
}

// From what is known of it to its end: `all` from `first` on.
Next to_its_end(const Json& all, std::size_t first) {
  const Json& script = all[first];
  const std::string id = text_in(script, "id");
  const bool waits = text_in(script, "state") != "approved";
  const std::size_t asked = first + (waits ? 1 : 0);
  if (all.size() == asked && waits) return Step{"ask", {{"script", id}, {"message", question(script)}}};
  if (all.size() == asked + 1) return Step{"script.take", {{"id", id}}};
  if (all.size() == asked + 2) {
    Json argv =
        Json::array({text_in(script, "script_type") == "bash" ? "bash" : "python3", "-c", text_in(script, "script")});
    return Step{run_operation, {{"argv", std::move(argv)}, {"timeout", most_seconds}}};
  }
  if (all.size() == asked + 3) return Step{"script.end", {{"id", id}, {"result", all[asked + 2]}}};
  return std::nullopt;
}

std::string id_of(const Json& arguments) { return text_in(arguments, arguments.contains("token") ? "token" : "id"); }
Next to_found(const Json& arguments, const Json& all) {
  if (all.empty()) return Step{"script.find", {{"id", id_of(arguments)}}};
  return std::nullopt;
}
Next to_rejected(const Json& arguments, const Json& all) {
  if (all.empty()) return Step{"script.reject", {{"id", id_of(arguments)}}};
  return std::nullopt;
}
Next to_run(const Json& arguments, const Json& all) {
  if (all.empty()) return to_found(arguments, all);
  return to_its_end(all, 0);
}
Next to_kept_and_run(const Json& arguments, const Json& all) {
  if (!text_in(arguments, "token").empty()) return to_run(arguments, all);
  return all.size() < 2 ? to_kept(arguments, all) : to_its_end(all, 1);
}

Json as_told(const std::string& text, const Json& structured) {
  Json result = told(text);
  result["structuredContent"] = structured;
  return result;
}
Json as_kept(const Json&, const Json& all) {
  Json script = all.back();
  script["token"] = part(script, "id");
  return as_told(
      "The script can be run: its token is " + text_in(script, "id") + ". Whoever is asked has to approve it then.",
      script);
}
Json as_run(const Json&, const Json& all) {
  const Json& result = part(all.back(), "result");
  std::string text = text_in(result, "stdout");
  if (const auto errors = text_in(result, "stderr"); !errors.empty()) text += "\n[stderr]\n" + errors;
  text += "\n[" + text_in(result, "status") + ", exit code " + berth::json_text(part(result, "returncode")) + "]";
  Json told_of = as_told(text, part(all.back(), "result"));
  if (part(result, "returncode") != 0) told_of["isError"] = true;
  return told_of;
}
Json as_state(const Json&, const Json& all) { return as_told(berth::json_text(all.back()), all.back()); }

}  // namespace
}  // namespace for_scripts

std::vector<Familiar> script_tools() {
  using namespace for_scripts;
  const auto tool = [](const char* name, const char* title, Json input, Next (*next)(const Json&, const Json&),
                       Json (*result)(const Json&, const Json&), bool looks = false) {
    Json hints{{"readOnlyHint", looks}, {"openWorldHint", false}};
    if (!looks) hints["destructiveHint"] = true;
    return Familiar{"linux",          name,    run_operation, title, title, std::move(input),
                    std::move(hints), nullptr, result,        false, next};
  };
  const KnownField about{"*description", "string", "What it is for, as whoever is asked reads it"},
      script{"*script", "string", "Its text"};
  const KnownField type{"*script_type", "string", "Its language", {{"enum", {"bash", "python"}}}};
  const KnownField readonly{"readonly", "boolean",
                            "Whether it changes nothing: it is said to whoever is asked, and not made sure of"};
  const KnownField host{
      "host", "string", "The session's jail is the only place: leave it out", {{"type", {"string", "null"}}}};
  const KnownField id{"*id", "string", "As validate_script gave it"},
      token{"*token", "string", "As validate_script gave it"};
  const KnownField known{
      "token", "string", "Of one that is known; its text is left out then", {{"type", {"string", "null"}}}};
  const KnownField maybe_about{"description", "string", about.about},
      maybe_type{"script_type", "string", "bash or python"}, maybe_script{"script", "string", "Its text"};
  const Json new_one = known_input({about, type, script, readonly, host});
  const Json either = known_input({maybe_about, maybe_type, maybe_script, readonly, known, host});
  return {
      tool("validate_script", "Looks whether a script can be run, and gives it a token", new_one, &to_kept, &as_kept,
           true),
      tool("run_script", "Runs a script that was validated, once it is approved", known_input({token}), &to_run,
           &as_run),
      tool("run_script_with_confirmation", "Validates a script, has it approved, and runs it", either, &to_kept_and_run,
           &as_run),
      tool("run_script_interactive", "Validates a script, which execute_script runs", new_one, &to_kept, &as_kept),
      tool("execute_script", "Runs a script that was validated, once it is approved", known_input({id}), &to_run,
           &as_run),
      tool("reject_script", "A script that was validated is not to be run", known_input({id}), &to_rejected, &as_state),
      tool("get_execution_details", "What became of a script", known_input({id}), &to_found, &as_state, true),
  };
}

}  // namespace mcp
