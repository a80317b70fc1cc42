// Handlers: each finds its session's seat, and what is thrown answers its call.
#include <algorithm>
#include <utility>

#include "commands.hpp"
#include "plugin.hpp"
#include "signals.hpp"

namespace shell {

using berth::Call;
using berth::Error;
using berth::Json;

namespace {

constexpr std::size_t most_variable = 131'071;  // bytes, with its name: what the kernel takes

std::chrono::milliseconds time_of(const Json& input, const char* name, double otherwise) {
  return std::chrono::milliseconds(static_cast<std::int64_t>(std::max(0.0, input.value(name, otherwise)) * 1000));
}

void refuse_zeros(const std::string& text, const char* what) {
  if (text.find('\0') != std::string::npos)
    throw Error(422, "zero_byte", std::string(what) + " has a zero byte in it, which no program could be given",
                "bytes that are no text fit into `stdin`, or into a file");
}

// What bash says of it, without where in its own line: "cd: /nope: No such file or directory".
std::string last_line(std::string errors) {
  while (!errors.empty() && errors.back() == '\n') errors.pop_back();
  errors.erase(0, errors.rfind('\n') + 1);
  const std::string_view where = "bash: line 1: ";
  if (errors.compare(0, where.size(), where) == 0) errors.erase(0, where.size());
  return errors.substr(0, 1000);
}

Ask ask_of(const Call& call) {
  const Json& input = call.input();
  Ask ask;
  ask.command = input.value("command", "");
  ask.argv = input.value("argv", std::vector<std::string>());
  if (ask.command.empty() == ask.argv.empty())
    throw Error(422, "command_or_argv", "a command is either `command`, for bash, or `argv`, without a shell",
                R"(say {"command": "ls -l"} or {"argv": ["ls", "-l"]})");
  refuse_zeros(ask.command, "the command");
  for (const auto& one : ask.argv) refuse_zeros(one, "an argument");
  if (!ask.argv.empty() && ask.argv.front().empty())
    throw Error(422, "command_or_argv", "the program has no name",
                "`argv` begins with its path, or with its name in the PATH");
  if (input.contains("stdin")) ask.input = input["stdin"].get<std::string>();
  const bool background = input.value("background", false);
  ask.timeout = time_of(input, "timeout", background ? 0 : 30);
  ask.learns = !background;
  return ask;
}

Terminal::Size size_of(const Json& input, Terminal::Size otherwise) {
  return {input.value("rows", otherwise.rows), input.value("columns", otherwise.columns)};
}

std::string terminal_of(const Call& call) { return call.input().value("terminal", "default"); }

// `~` is bash's to read, the rest is not.
std::string cd_command(const std::string& path) {
  if (path == "~") return "builtin cd";
  if (path.substr(0, 2) == "~/") return "builtin cd -- ~/" + as_word(path.substr(2));
  return "builtin cd -- " + as_word(path);
}

}  // namespace

Plugin::Plugin(const berth::Context& context)
    : m_processes(context),
      m_timers(context),
      m_workspaces(context),
      m_events(context.host),
      m_spiller(m_workspaces, "commands"),
      m_ids(berth::Files(context)),
      m_tools{m_processes,
              m_timers,
              std::chrono::milliseconds(context.config.value("grace_ms", 1000)),
              context.config.value("output_cap", std::size_t{1} << 20),
              m_spiller,
              m_ids} {
  m_ends = m_events.subscribe("session.expired session.deleted session.broken events.lost",
                              [this](const berth::Event& event) {
                                if (event.topic == "events.lost") return doubt();
                                const auto gone = m_seats.extract(event.session);
                                if (gone) gone.mapped()->close();
                              });
}

Plugin::~Plugin() {
  if (m_ends != 0) m_events.unsubscribe(m_ends);
  m_spiller.wait();  // the answers of those that have spilled come when it is written
}

// The end of some session was not heard, and another one may have its name by now. The host has ended what ran there.
void Plugin::doubt() {
  for (const auto& [session, seat] : m_seats) seat->forget_past();
}

std::shared_ptr<Seat> Plugin::seat(const Call& call) {
  auto& at = m_seats[call.session()];
  if (!at) at = std::make_shared<Seat>(m_tools, call.session());
  return at;
}

// ---- commands

void Plugin::run(Call call) {
  const Ask ask = ask_of(call);
  if (call.input().value("background", false)) return run_in_background(call, ask);
  answer_command(m_tools, seat(call), ask, call);
}

void Plugin::run_in_background(const Call& call, const Ask& ask) {
  const auto here = seat(call);
  const auto one = here->start(ask, [this, session = here->session()](Background& ended) {
    m_events.publish("shell.process_ended", ended.facts(), session);
  });
  call.send({{"status", "running"}, {"id", one->id()}, {"cwd", here->state().now()->folder}});
}

void Plugin::stream(Call call) { stream_command(m_tools, seat(call), ask_of(call), call); }

// ---- state

void Plugin::with_state(const Call& call, std::function<void(Seat&)> then) {
  const auto here = seat(call);
  if (here->state().known()) return then(*here);
  Ask nothing;
  nothing.command = ":";
  const auto begun = here->state().generation();
  ask_bash(m_tools, here, nothing, call,
           [this, here, begun, call, then = std::move(then)](const Outcome& outcome, const std::string&) {
             if (here->state().known()) return then(*here);
             if (here->state().generation() != begun) return with_state(call, then);  // reset meanwhile
             throw Error(503, "no_shell", "bash did not say what it has: " + outcome.status + " " + outcome.reason,
                         "try again; if it stays so, POST /shell with `:` tells what bash says");
           });
}

void Plugin::folder(Call call) {
  with_state(call, [call](Seat& seat) { call.send({{"cwd", seat.state().now()->folder}}); });
}

void Plugin::cd(Call call) {
  refuse_zeros(call.input().at("path"), "the path");
  change_folder(call, seat(call), false);
}

// Where the folder is gone that it is in, a path from the root leads out, from wherever a new shell begins.
void Plugin::change_folder(const Call& call, const std::shared_ptr<Seat>& here, bool again) {
  const std::string path = call.input().at("path"), previous = here->state().now()->folder;
  const bool leads_out = path[0] == '/' || path[0] == '~';
  Ask ask;
  ask.command = cd_command(path);
  if (again) ask.folder = home;
  ask_bash(m_tools, here, ask, call,
           [this, call, here, again, leads_out, previous](const Outcome& outcome, const std::string& errors) {
             if (!outcome.started && leads_out && !again) return change_folder(call, here, true);
             if (!outcome.started) throw not_started(true, outcome.reason);
             if (outcome.status == "timeout" || outcome.status == "killed")
               throw Error(503, "not_changed", "the folder was not changed: " + outcome.reason,
                           "try again; GET /shell/cd tells where the shell is now");
             if (outcome.status != "completed")
               throw Error(404, "no_such_folder", errors.empty() ? outcome.reason : last_line(errors),
                           "GET /shell/cd tells where the shell is now");
             call.send({{"cwd", here->state().now()->folder}, {"previous", previous}});
           });
}

void Plugin::environment(Call call) {
  with_state(call, [call](Seat& seat) {
    Json all = Json::object();
    for (const auto& [name, value] : seat.state().now()->variables) all[name] = value;
    call.send({{"env", all}});
  });
}

void Plugin::set(Call call) {
  const std::string key = call.input().at("key");
  std::optional<std::string> value;
  if (call.input().contains("value")) value = call.input()["value"].get<std::string>();
  if (value) refuse_zeros(*value, "the value");
  if (value && key.size() + value->size() + 1 > most_variable)
    throw Error(422, "too_large", "a variable has 128 KiB at the most, with its name",
                "what is larger fits into a file, whose name the variable can have");
  with_state(call, [call, key, value](Seat& seat) {
    if (!seat.state().set(key, value))
      throw Error(422, "too_large", "the environment would have more than 1 MiB, or than 4000 variables",
                  "take variables away first");
    call.send({{"key", key}, {"value", value ? Json(*value) : Json()}});
  });
}

void Plugin::reset(Call call) {
  seat(call)->state().forget();
  folder(call);
}

// ---- background processes

Json Plugin::processes(const Call& call) { return {{"processes", seat(call)->processes()}}; }

void Plugin::process(Call call) { seat(call)->process(call.input().at("process"))->tell(call); }

// An id that is no place of ours is that of another host's stream, or of another time.
void Plugin::follow(Call call) {
  const Json& input = call.input();
  const Follower::Place asked{input.value("stdout", std::uint64_t{0}), input.value("stderr", std::uint64_t{0})};
  const auto place = Follower::read(call.last_event_id()).value_or(asked);
  seat(call)->process(input.at("process"))->follow(call, place);
}

void Plugin::wait(Call call) {
  seat(call)->process(call.input().at("process"))->wait(call, time_of(call.input(), "timeout", 30));
}

Json Plugin::signal(const Call& call) {
  const std::string name = call.input().value("signal", "TERM");
  const auto one = seat(call)->process(call.input().at("process"));
  one->signal(signals().at(name));
  return {{"id", one->id()}, {"signal", name}};
}

Json Plugin::remove(const Call& call) {
  const std::string id = call.input().at("process");
  seat(call)->remove_process(id);
  return {{"id", id}, {"deleted", true}};
}

// ---- terminals

void Plugin::terminal(Call call) {
  const Json& input = call.input();
  const bool views = input.value("view", false);
  const auto one = seat(call)->open_terminal(terminal_of(call), size_of(input, {}));
  if (!views) one->resize(size_of(input, one->size()));
  one->attach(call, !views);
}

Json Plugin::make_terminal(const Call& call) {
  return seat(call)->open_terminal(terminal_of(call), size_of(call.input(), {}))->facts();
}

Json Plugin::terminals(const Call& call) { return {{"terminals", seat(call)->terminals()}}; }

Json Plugin::look(const Call& call) {
  const auto one = seat(call)->terminal(terminal_of(call));
  Json facts = one->facts();
  facts["output"] = one->text();
  return facts;
}

Json Plugin::type(const Call& call) {
  const auto one = seat(call)->terminal(terminal_of(call));
  if (!one->type(call.input().at("text").get<std::string>()))
    throw Error(409, "not_read", "what runs in the terminal does not read, and too much waits for it already",
                "\\u0003 is Ctrl-C, if it reads that; DELETE /terminals/{terminal} ends it");
  return one->facts();
}

Json Plugin::resize(const Call& call) {
  const auto one = seat(call)->terminal(terminal_of(call));
  one->resize({call.input().at("rows").get<std::uint16_t>(), call.input().at("columns").get<std::uint16_t>()});
  return one->facts();
}

Json Plugin::remove_terminal(const Call& call) {
  seat(call)->remove_terminal(terminal_of(call));
  return {{"terminal", terminal_of(call)}, {"deleted", true}};
}

}  // namespace shell
