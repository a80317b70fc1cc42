// Programs that a plugin starts, in the jail of a session or in its own. In a `blocking` operation:
//
//   berth::Plan plan{"git", "status"};
//   plan.session = "main";                       // of a call: call.session()
//   const auto ran = m_processes.run(plan);
//   if (ran.end.code != 0) throw berth::Error(502, "git_failed", ran.end.words, ran.errors);
//
// Anywhere, without waiting:
//
//   berth::Plan plan{"tectonic", "main.tex"};
//   plan.limits.time = 30s;
//   m_processes.spawn(plan, {[call](berth::Outlet, std::string_view bytes) { return call.push({{"log", bytes}}); },
//                            [call](const berth::End& end) { … }});
//
// What is heard is serialised with the plugin's other calls (unless the plan says `beside`) and must not block. What
// returns Flow::full is given no more until resume(): the program then stands still. All ends with the instance.
#ifndef BERTH_SERVICE_PROCESS_HPP
#define BERTH_SERVICE_PROCESS_HPP

#include <berth/service/process.h>
#include <berth/service/support.hpp>

#include <chrono>
#include <csignal>
#include <cstddef>
#include <functional>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace berth {

enum class Outlet : std::uint32_t { output = BERTH_PROCESS_OUTPUT, errors = BERTH_PROCESS_ERRORS };

struct ProcessLimits {  // 0: none; process.h says what each is
  std::chrono::milliseconds time{0};
  std::uint64_t output = 0, memory = 0, file_size = 0, cpu_seconds = 0, open_files = 0, processes = 0;
};

struct Plan {
  Plan() = default;
  Plan(std::initializer_list<std::string> all) : arguments(all) {}
  explicit Plan(std::vector<std::string> all) : arguments(std::move(all)) {}

  std::vector<std::string> arguments;  // the first is the program, unless `program` names another
  std::string program;
  std::vector<std::string> environment;  // "NAME=value"
  bool inherit = true;                   // PATH, LANG, LC_ALL, TZ of the host's, too; HOME and TMPDIR: the jail's /tmp
  std::string session;                   // whose jail; empty: the plugin's own
  std::string folder;                    // empty: /workspace, or that of berth::Files
  std::vector<berth_process_file> files;
  bool input = false;     // fed by write()
  bool together = false;  // errors come with the output
  bool leader = false;    // ends with its whole session, in the kernel's sense
  bool terminal = false;  // of its own, rows × columns
  bool beside = false;    // heard beside other calls
  bool stays = false;     // the agent's state is in it: the session's wall_time is not for it
  std::uint16_t rows = 24, columns = 80;
  ProcessLimits limits;
};

struct End {  // of a process
  int code = -1, signal = 0;
  std::string cause, words;
  std::chrono::microseconds wall{0}, user{0}, system{0};
  std::uint64_t peak_memory = 0, output = 0;
};

struct Hits {                                              // of the limits of a process's jail, since that was opened
  bool memory_counted = false, processes_counted = false;  // by somebody; otherwise:
  std::uint64_t memory = 0, processes = 0;                 // 0
  std::string memory_limit;                                // in words
};

struct ProcessEars {
  std::function<Flow(Outlet, std::string_view bytes)> output = {};
  std::function<void(const End&)> ended = {};
  std::function<void()> room = {};
  std::function<void(const Hits&)> hits = {};  // what look() asked for
};

struct Ran {
  End end;
  std::string output, errors;
};

// A process by its number: cheap to copy, usable from any thread, harmless once it has ended.
class Process {
 public:
  std::uint64_t number() const { return m_number; }
  Flow write(std::string_view bytes) const {
    return static_cast<Flow>(m_api->write(m_host, m_number, detail::text(bytes)));
  }
  void close_input() const { m_api->close_input(m_host, m_number); }
  void resume(Outlet outlet = Outlet::output) const {
    m_api->resume(m_host, m_number, static_cast<std::uint32_t>(outlet));
  }
  void resize(std::uint16_t rows, std::uint16_t columns) const { m_api->resize(m_host, m_number, rows, columns); }
  void signal(int number) const { m_api->signal(m_host, m_number, number); }
  void stop(std::chrono::milliseconds grace = std::chrono::seconds(2), int number = SIGTERM) const {
    m_api->stop(m_host, m_number, number, static_cast<std::uint64_t>(std::max<std::int64_t>(0, grace.count())));
  }
  void kill() const { stop(std::chrono::milliseconds(0), SIGKILL); }
  // Asks for its jail's hits. False: this host does not tell.
  bool look() const {
    if (m_api->size < offsetof(berth_process, look) + sizeof m_api->look) return false;
    m_api->look(m_host, m_number);
    return true;
  }
  // In `blocking` operations, for a plan that says `beside`. Throws otherwise.
  void wait() const {
    if (m_api->wait(m_host, m_number) == 1) return;
    throw Error(500, "would_block", "a process is waited for where nothing may block",
                "declare the operation blocking(), and let the plan say beside");
  }

 private:
  friend class Processes;
  Process(const berth_host* host, const berth_process* api, std::uint64_t number)
      : m_host(host), m_api(api), m_number(number) {}
  const berth_host* m_host;
  const berth_process* m_api;
  std::uint64_t m_number;
};

class Processes {
 public:
  explicit Processes(const berth_host* host) : m_host(host), m_api(detail::lent<berth_process>(host, BERTH_PROCESS)) {}
  explicit Processes(const Context& context) : Processes(context.host) {}

  // Any thread; never blocks: a program that cannot be started is heard of by ended(). Throws Error(503) if 1024 run.
  Process spawn(const Plan& plan, ProcessEars ears) const {
    auto held = std::make_unique<Held>(Held{m_host, std::move(ears)});
    const Raw raw(plan);
    const berth_process_ears heard{
        sizeof(berth_process_ears), 0, &on_output, &on_room, &on_ended, &on_gone, held.get(), &on_hits};
    const auto number = m_api->spawn(m_host, &raw.plan, &heard);
    if (number == 0) throw Error(503, "too_many_processes", "the plugin has 1024 processes already, or is ending");
    held.release();  // gone() has it now
    return {m_host, m_api, number};
  }

  // In `blocking` operations: to its end, with all that it wrote, 16 MiB at most unless the plan says otherwise.
  Ran run(Plan plan, std::string_view input = {}) const {
    plan.beside = true;
    plan.input = plan.input || !input.empty();
    if (plan.limits.output == 0) plan.limits.output = 16u << 20;
    const auto ran = std::make_shared<Ran>();
    const auto process = spawn(plan, {[ran](Outlet outlet, std::string_view bytes) {
                                        (outlet == Outlet::output ? ran->output : ran->errors) += bytes;
                                        return Flow::ok;
                                      },
                                      [ran](const End& end) { ran->end = end; }});
    if (!input.empty()) process.write(input);
    if (plan.input) process.close_input();
    try {
      process.wait();
    } catch (...) {
      process.kill();
      throw;
    }
    return std::move(*ran);
  }

 private:
  struct Held {
    const berth_host* host;
    ProcessEars ears;
  };
  struct Raw {  // points into the plan
    explicit Raw(const Plan& from) {
      for (const auto& one : from.arguments) arguments.push_back(detail::text(one));
      for (const auto& one : from.environment) environment.push_back(detail::text(one));
      const auto& limits = from.limits;
      plan = {sizeof(berth_process_plan),
              flags(from),
              detail::text(from.program),
              arguments.data(),
              arguments.size(),
              environment.data(),
              environment.size(),
              detail::text(from.session),
              detail::text(from.folder),
              from.files.data(),
              from.files.size(),
              from.rows,
              from.columns,
              0,
              static_cast<std::uint64_t>(std::max<std::int64_t>(0, limits.time.count())),
              limits.output,
              limits.memory,
              limits.file_size,
              limits.cpu_seconds,
              limits.open_files,
              limits.processes};
    }
    static std::uint32_t flags(const Plan& from) {
      const auto flag = [](bool set, std::uint32_t which) { return set ? which : 0u; };
      return flag(from.inherit, BERTH_PROCESS_INHERIT) | flag(from.input, BERTH_PROCESS_INPUT) |
             flag(from.together, BERTH_PROCESS_TOGETHER) | flag(from.leader, BERTH_PROCESS_LEADER) |
             flag(from.terminal, BERTH_PROCESS_TERMINAL) | flag(from.beside, BERTH_PROCESS_BESIDE) |
             flag(from.stays, BERTH_PROCESS_STAYS);
    }
    std::vector<berth_text> arguments, environment;
    berth_process_plan plan{};
  };

  static berth_flow on_output(void* with, std::uint64_t, std::uint32_t outlet, berth_text bytes) {
    auto* held = static_cast<Held*>(with);
    Flow flow = Flow::ok;
    if (!held->ears.output) return BERTH_OK;
    detail::kept(held->host, "what hears a process", [&] {
      flow = held->ears.output(static_cast<Outlet>(outlet), {bytes.data, bytes.size});
    });
    return static_cast<berth_flow>(flow);
  }
  static void on_room(void* with, std::uint64_t) {
    auto* held = static_cast<Held*>(with);
    if (held->ears.room) detail::kept(held->host, "what feeds a process", held->ears.room);
  }
  static void on_ended(void* with, std::uint64_t, const berth_process_end* raw) {
    auto* held = static_cast<Held*>(with);
    if (!held->ears.ended) return;
    using us = std::chrono::microseconds;
    const End end{raw->code,        raw->signal,      detail::copy(raw->cause), detail::copy(raw->words),
                  us(raw->wall_us), us(raw->user_us), us(raw->system_us),       raw->peak_memory,
                  raw->output};
    detail::kept(held->host, "what hears a process end", [&] { held->ears.ended(end); });
  }
  static void on_hits(void* with, std::uint64_t, const berth_process_hits* raw) {
    auto* held = static_cast<Held*>(with);
    if (!held->ears.hits) return;
    const Hits hits{(raw->counted & BERTH_PROCESS_COUNTS_MEMORY) != 0,
                    (raw->counted & BERTH_PROCESS_COUNTS_PROCESSES) != 0, raw->memory, raw->processes,
                    detail::copy(raw->memory_limit)};
    detail::kept(held->host, "what hears of a process's limits", [&] { held->ears.hits(hits); });
  }
  static void on_gone(void* with) { delete static_cast<Held*>(with); }

  const berth_host* m_host;
  const berth_process* m_api;
};

}  // namespace berth

#endif
