// What the plugin says of itself. The words are for people and for LLM clients alike: each description has what one
// cannot guess.
#include "plugin.hpp"

#include <utility>

#include "answers.hpp"
#include "signals.hpp"

namespace shell {

using namespace berth;

namespace {

constexpr unsigned long most_text = 8u << 20;
constexpr int longest = 1800;  // seconds

Field timeout(const char* what) {
  return berth::optional("timeout", number().minimum(0.01).maximum(longest).describe(what));
}

Schema command_input(bool background) {
  std::vector<Field> fields{
      berth::optional("command", berth::string()
                                     .min_length(1)
                                     .max_length(most_text)
                                     .describe("For bash; either this or `argv`")
                                     .example("cd /workspace && ls -l")),
      berth::optional("argv", array(berth::string().max_length(131'071))
                                  .min_items(1)
                                  .max_items(4096)
                                  .describe("A program and its arguments, started without a shell")),
      timeout("Seconds that it may run, 30 if not given (in the background: as long as it likes); then it is asked to "
              "end, and made to after a grace. The wait for its start counts, too"),
      berth::optional("stdin", berth::string().max_length(most_text).describe("What it reads; otherwise nothing"))};
  if (background)
    fields.push_back(berth::optional(
        "background", boolean().otherwise(false).describe("Answer at once; it goes on, and is in /processes")));
  Json properties = Json::object();
  for (const auto& one : fields) properties[one.name] = one.schema.json();
  return object().set("properties", std::move(properties));
}

Field process_id() {
  return field("process", berth::string().pattern("^p([0-9]{1,15}-)?[0-9]{1,18}$").describe("Its id").example("p1"));
}
Schema signal_name() {
  Json names = Json::array();
  for (const auto& one : signals()) names.push_back(one.first);
  return berth::string().set("enum", std::move(names));
}
Schema terminal_name() {
  return berth::string().pattern("^[a-z0-9][a-z0-9_-]{0,47}$").describe("Which terminal of the session");
}
Field terminal_id() { return field("terminal", terminal_name().example("default")); }
Field rows() { return berth::optional("rows", integer().minimum(1).maximum(1000).describe("24, if it is new")); }
Field columns() { return berth::optional("columns", integer().minimum(1).maximum(1000).describe("80, if it is new")); }

constexpr const char* about_run =
    "bash in the session's jail. Folder and exported variables stay for the next command, also after `exit`; a command "
    "that is killed or takes too long leaves them as they were (`state_kept`). Several may run at once: each begins "
    "with what is there then, and what it changes is put on top. The answer is 200 for every command that began: "
    "`status` says how it ended (`completed`, `failed`: another exit code than 0, `timeout`, `killed`), with what it "
    "had written. Of too much output the begin and the end are kept, `truncated` is set, and the middle is in a file "
    "under /workspace/output/commands. What a command leaves running ends with it: `background` is for what is to "
    "stay.";
constexpr const char* about_stream =
    "Events: `status` (running), `stream` (`name`, `text`), and last `status` with how it ended. A client that reads "
    "slowly holds the command back; one that leaves ends it, once its time to come back is over.";
constexpr const char* about_follow =
    "Events: `status`, if it still runs; `stream` (`name`, `text`, and `at`, the bytes before it); `left_out` (`name`, "
    "`at`, `bytes`) for what is not kept any more: GET /processes/{process} names the file that has it; last `status` "
    "with how it ended. Each event's id is a place in the output, to go on from with Last-Event-ID. The process is "
    "never held back, and does not care who leaves.";
constexpr const char* about_terminal =
    "Text and bytes that come are typed; what the terminal shows is sent as text, beginning with the last of what it "
    "showed before. It is made if it is not there, and stays when everybody leaves. xterm.js's attach add-on speaks "
    "this. POST /terminals/{terminal}/resize changes its size.";

}  // namespace

void Plugin::declare(Declaration& d) {
  d.plugin("shell", "1.0.0", "A shell in the session's jail: commands, background processes, terminals");
  for (const char* id : {BERTH_PROCESS, BERTH_EVENTS, BERTH_WORKSPACE}) d.service(id);
  d.needs("program", "bash", "runs the commands", "apt-get install bash");
  d.config(object({berth::optional("output_cap",
                                   integer().minimum(1024).maximum(64 << 20).otherwise(1 << 20).describe(
                                       "Bytes of each stream that an answer keeps, and half as many more at the most. "
                                       "Of a background process: 256 KiB")),
                   berth::optional("grace_ms", integer().minimum(0).maximum(30'000).otherwise(1000).describe(
                                                   "Between SIGTERM and SIGKILL, for what took too long"))}));
  declare_commands(d);
  declare_state(d);
  declare_processes(d);
  declare_terminals(d);
  declare_terminal_use(d);
}

void Plugin::declare_commands(Declaration& d) {
  d.post("run", "/shell")
      .summary("Runs a command in the session's shell")
      .description(about_run)
      .input(command_input(true))
      .output(answers::command())
      .max_body(20u << 20)
      .handle(&Plugin::run);
  d.stream("stream", "/shell/stream", "POST")
      .summary("Runs a command, and tells what it writes while it does")
      .description(about_stream)
      .input(command_input(false))
      .max_body(20u << 20)
      .resumable()
      .handle(&Plugin::stream);
}

void Plugin::declare_state(Declaration& d) {
  const auto where = object({field("cwd", berth::string()), berth::optional("previous", berth::string())});
  d.get("cwd", "/shell/cd")
      .summary("The folder of the session's shell")
      .output(where)
      .read_only()
      .handle(&Plugin::folder);
  d.post("cd", "/shell/cd")
      .summary("Changes the folder of the session's shell")
      .description("As bash's `cd` does: a path, from where it is now or from the root, `~` or `-`.")
      .input(object(
          {field("path", berth::string().min_length(1).max_length(4095).describe("Where to").example("/workspace"))}))
      .output(where)
      .handle(&Plugin::cd);
  d.get("variables", "/shell/env")
      .summary("The exported variables of the session's shell")
      .output(object({field("env", anything().describe("Each with its value"))}))
      .read_only()
      .handle(&Plugin::environment);
  d.post("env", "/shell/env")
      .summary("Sets a variable of the session's shell, or takes it away")
      .input(object(
          {field("key", berth::string().pattern("^[A-Za-z_][A-Za-z0-9_]{0,255}$").describe("Its name").example("LANG")),
           berth::optional("value", berth::string().max_length(100'000).describe("Without it: the variable goes"))}))
      .output(object({field("key", berth::string()), field("value", answers::or_null("string"))}))
      .handle(&Plugin::set);
  d.post("reset", "/shell/reset")
      .summary("Gives the session's shell the folder and the variables of a new one")
      .description("What runs goes on.")
      .output(object({field("cwd", berth::string())}))
      .destructive()
      .handle(&Plugin::reset);
}

void Plugin::declare_processes(Declaration& d) {
  d.get("processes", "/processes")
      .summary("The session's background processes, those that ended, too")
      .description("64 that ended are remembered.")
      .output(object({field("processes", array(answers::process(false)))}))
      .read_only()
      .handle(&Plugin::processes);
  d.get("process", "/processes/{process}")
      .summary("A background process, and its output so far")
      .input(object({process_id()}))
      .output(answers::process(true))
      .read_only()
      .handle(&Plugin::process);
  const auto place = [](const char* name) {
    return berth::optional(name, integer().minimum(0).otherwise(0).describe("Bytes of it that are not told again"));
  };
  d.stream("follow", "/processes/{process}/stream")
      .summary("Tells what a background process writes, from its begin or a place in it to its end")
      .description(about_follow)
      .input(object({process_id(), place("stdout"), place("stderr")}))
      .read_only()
      .handle(&Plugin::follow);
  d.post("wait", "/processes/{process}/wait")
      .summary("Waits for the end of a background process")
      .description("If it has not ended by then, the answer is the same, and `status` is `running`.")
      .input(
          object({process_id(), berth::optional("timeout", number().minimum(0).maximum(longest).otherwise(30).describe(
                                                               "Seconds that are waited"))}))
      .output(answers::process(true))
      .handle(&Plugin::wait);
  d.post("signal", "/processes/{process}/signal")
      .summary("Sends a signal to a background process and its group")
      .input(object({process_id(), berth::optional("signal", signal_name().otherwise("TERM").describe("Which"))}))
      .output(object({field("id", berth::string()), field("signal", berth::string())}))
      .handle(&Plugin::signal);
  d.del("delete", "/processes/{process}")
      .summary("Ends a background process at once, and forgets it")
      .input(object({process_id()}))
      .output(object({field("id", berth::string()), field("deleted", boolean())}))
      .destructive()
      .handle(&Plugin::remove);
}

void Plugin::declare_terminals(Declaration& d) {
  d.socket("terminal", "/terminal")
      .summary("A terminal with a shell in it")
      .description(about_terminal)
      .input(
          object({berth::optional("terminal", terminal_name().otherwise("default")), rows(), columns(),
                  berth::optional("view", boolean().otherwise(false).describe("Only look: what comes is not typed"))}))
      .handle(&Plugin::terminal);
  d.post("terminal_make", "/terminals")
      .summary("Makes a terminal, for whoever has no WebSocket")
      .input(object({berth::optional("terminal", terminal_name().otherwise("default")), rows(), columns()}))
      .output(answers::terminal())
      .handle(&Plugin::make_terminal);
  d.get("terminals", "/terminals")
      .summary("The session's terminals")
      .output(object({field("terminals", array(answers::terminal()))}))
      .read_only()
      .handle(&Plugin::terminals);
}

void Plugin::declare_terminal_use(Declaration& d) {
  d.get("terminal_look", "/terminals/{terminal}")
      .summary("A terminal, and the last of what it showed")
      .input(object({terminal_id()}))
      .output(answers::terminal())
      .read_only()
      .handle(&Plugin::look);
  d.post("terminal_type", "/terminals/{terminal}/input")
      .summary("Types into a terminal")
      .input(object({terminal_id(), field("text", berth::string()
                                                      .min_length(1)
                                                      .max_length(1u << 20)
                                                      .describe("With `\\r` for Enter and `\\u0003` for Ctrl-C")
                                                      .example("ls\r"))}))
      .output(answers::terminal())
      .handle(&Plugin::type);
  d.post("terminal_resize", "/terminals/{terminal}/resize")
      .summary("Changes the size of a terminal")
      .input(object({terminal_id(), field("rows", integer().minimum(1).maximum(1000).describe("Lines")),
                     field("columns", integer().minimum(1).maximum(1000).describe("Characters of each"))}))
      .output(answers::terminal())
      .idempotent()
      .handle(&Plugin::resize);
  d.del("terminal_delete", "/terminals/{terminal}")
      .summary("Ends a terminal, and what runs in it")
      .input(object({terminal_id()}))
      .output(object({field("terminal", berth::string()), field("deleted", boolean())}))
      .destructive()
      .handle(&Plugin::remove_terminal);
}

}  // namespace shell

BERTH_PLUGIN(shell::Plugin);
