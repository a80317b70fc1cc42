// The plugin that uses what needs nobody but its own process: timers, processes. In a folder of its own, since it wants
// grants that hosts of other scenarios do not give.
#include <berth/plugin.hpp>
#include <berth/service/files.hpp>
#include <berth/service/http.hpp>
#include <berth/service/process.hpp>
#include <berth/service/timers.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <fstream>
#include <memory>
#include <sstream>
#include <thread>

using namespace berth;
using namespace std::chrono_literals;

namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool counts_memory = false;  // a sanitizer keeps what was freed
#else
constexpr bool counts_memory = true;
#endif

std::size_t open_descriptors() {
  std::size_t count = 0;
  for (int fd = 0; fd < 4096; ++fd) count += ::fcntl(fd, F_GETFD) >= 0;
  return count;
}

// Of all threads; zombies count.
std::size_t children() {
  std::size_t count = 0;
  std::ifstream list("/proc/self/task/" + std::to_string(::getpid()) + "/children");
  for (int pid; list >> pid;) ++count;
  return count;
}

std::size_t memory() {  // KiB, resident
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.rfind("VmRSS:", 0) == 0) return std::stoul(line.substr(6));
  }
  return 0;
}

Json facts_of(const End& end) {
  return {
      {"code", end.code}, {"signal", end.signal}, {"cause", end.cause}, {"words", end.words}, {"bytes", end.output}};
}

}  // namespace

class Local {
 public:
  explicit Local(const Context& context) : m_timers(context), m_processes(context), m_files(context), m_http(context) {}

  static void declare(Declaration<Local>& d) {
    d.plugin("local", "1.0.0", "Everything that needs nobody but its own process");
    d.service(BERTH_PROCESS);
    d.service(BERTH_HTTP);
    const auto count = integer().minimum(1).maximum(1'000'000);
    d.get("ticks", "/local/ticks").concurrent().input(object({field("count", count)})).handle(&Local::ticks);
    d.get("tally", "/local/tally").input(object({})).handle(&Local::tally);
    d.post("run", "/local/run")
        .blocking()
        .concurrent()
        .input(object({field("arguments", array(string())), optional("input", string()), optional("time_ms", count),
                       optional("output", count), optional("session", string()), optional("folder", string()),
                       optional("cpu_seconds", count), optional("file_size", count), optional("open_files", count),
                       optional("processes", count), optional("terminal", boolean())}))
        .handle(&Local::run);
    d.post("wrong_run", "/local/wrong_run").handle(&Local::wrong_run);
    d.post("ask", "/local/ask")
        .blocking()
        .concurrent()
        .input(object({field("target", string()), field("path", string())}))
        .handle(&Local::ask);
    d.stream("relay", "/local/relay")
        .concurrent()
        .input(object({field("target", string()), field("path", string())}))
        .handle(&Local::relay);
    const auto name = field("name", string());
    d.put("write", "/local/files")
        .blocking()
        .input(object({name, field("content", string()), optional("more", boolean())}))
        .handle(&Local::write);
    d.get("read", "/local/files").blocking().input(object({name})).handle(&Local::read);
    d.del("remove", "/local/files").blocking().input(object({name})).handle(&Local::remove);
    d.get("list", "/local/list").blocking().input(object({optional("folder", string())})).handle(&Local::list);
    d.download("load", "/local/load").blocking().input(object({name})).handle(&Local::load);
    d.post("many", "/local/many").blocking().concurrent().input(object({field("count", count)})).handle(&Local::many);
    d.post("at_once", "/local/at_once").concurrent().input(object({field("count", count)})).handle(&Local::at_once);
    d.post("flood", "/local/flood")
        .concurrent()
        .input(object({field("bytes", integer().minimum(1))}))
        .handle(&Local::flood);
    d.post("leave", "/local/leave")
        .concurrent()
        .input(object({field("mark", string()), optional("session", string())}))
        .handle(&Local::leave);
    d.stream("yes", "/local/yes").concurrent().input(object({field("word", string())})).handle(&Local::yes);
  }

 private:
  Json tally(const Json&) {
    return {{"descriptors", open_descriptors()}, {"children", children()}, {"pid", ::getpid()}, {"poured", m_poured}};
  }

  void ticks(Call call) {
    const auto left = std::make_shared<int>(call.input().at("count").get<int>());
    const auto timer = std::make_shared<std::uint64_t>(0);
    *timer = m_timers.every(5ms, [this, call, left, timer] {
      if (--*left > 0) return;
      m_timers.cancel(*timer);
      call.send({{"ticked", true}, {"again", m_timers.cancel(*timer)}});
    });
  }

  Json run(const Json& input) {
    Plan plan(input.at("arguments").get<std::vector<std::string>>());
    plan.limits.time = std::chrono::milliseconds(input.value("time_ms", 0));
    plan.limits.output = input.value("output", 0u);
    plan.limits.cpu_seconds = input.value("cpu_seconds", 0u);
    plan.limits.file_size = input.value("file_size", 0u);
    plan.limits.open_files = input.value("open_files", 0u);
    plan.limits.processes = input.value("processes", 0u);
    plan.session = input.value("session", "");
    plan.folder = input.value("folder", "");
    plan.terminal = input.value("terminal", false);
    const auto ran = m_processes.run(plan, input.value("input", ""));
    Json facts = facts_of(ran.end);
    facts["output"] = ran.output;
    facts["errors"] = ran.errors;
    return facts;
  }

  Json wrong_run(const Json&) { return facts_of(m_processes.run({"true"}).end); }

  Json ask(const Json& input) {
    const auto answer = m_http.ask({input.at("target"), input.at("path")});
    return {{"status", answer.status}, {"body", answer.body.substr(0, 200)}, {"size", answer.body.size()}};
  }
  // The size of each piece, as fast as the client reads.
  void relay(Call call) {
    const auto exchange = std::make_shared<std::uint64_t>(0);
    call.on_drained([this, exchange] { m_http.resume(*exchange); });
    call.on_cancel([this, exchange, call] {
      m_http.cancel(*exchange);
      call.finish();
    });
    *exchange = m_http.start({call.input().at("target"), call.input().at("path")},
                             {{},
                              [call](std::string_view bytes) {
                                return call.push({{"size", bytes.size()}});
                              },
                              [call](const std::optional<Error>& failed) {
                                call.push({{"whole", !failed}});
                                call.finish();
                              }});
  }
  Json write(const Json& input) {
    const std::string name = input.at("name"), content = input.at("content");
    input.value("more", false) ? m_files.append(name, content) : m_files.write(name, content);
    return {{"written", content.size()}};
  }
  Json read(const Json& input) {
    return {{"content", m_files.read(input.at("name").get<std::string>())}, {"path", m_files.path()}};
  }
  Json remove(const Json& input) {
    m_files.remove(input.at("name").get<std::string>());
    return {{"removed", true}};
  }
  Json list(const Json& input) {
    Json all = Json::array();
    for (const auto& one : m_files.list(input.value("folder", ""))) all.push_back(one.name + (one.folder ? "/" : ""));
    return {{"files", all}};
  }
  void load(Call call) { call.file(m_files.open(call.input().at("name").get<std::string>())); }

  Json many(const Json& input) {
    using namespace std::chrono_literals;
    m_processes.run({"true"});
    std::this_thread::sleep_for(200ms);  // the host lets go of one on another thread
    const auto before = static_cast<std::int64_t>(open_descriptors());
    for (int i = input.at("count"); i > 0; --i) m_processes.run({"true"});
    const auto leaked = [&] { return static_cast<std::int64_t>(open_descriptors()) - before; };
    for (int tries = 100; tries > 0 && leaked() > 0; --tries) std::this_thread::sleep_for(20ms);
    return {{"leaked", leaked()}};
  }

  void at_once(Call call) {
    const int count = call.input().at("count");
    const auto left = std::make_shared<int>(count);
    const auto good = std::make_shared<int>(0);
    for (int i = 0; i < count; ++i) {
      Plan plan{"cat"};
      plan.input = true;
      const auto process = m_processes.spawn(plan, {[good](Outlet, std::string_view bytes) {
                                                      *good += bytes == "hello";
                                                      return Flow::ok;
                                                    },
                                                    [call, left, good](const End&) {
                                                      if (--*left == 0) call.send({{"good", *good}});
                                                    }});
      process.write("hello");
      process.close_input();
    }
  }

  // Takes each piece only a moment later, and says how much memory that needed.
  void flood(Call call) {
    const auto before = memory();
    const auto total = std::make_shared<std::uint64_t>(0);
    const auto most = std::make_shared<std::size_t>(0);
    const auto process = std::make_shared<std::optional<Process>>();
    *process =
        m_processes.spawn({"head", "-c", std::to_string(call.input().at("bytes").get<std::uint64_t>()), "/dev/zero"},
                          {[this, total, most, process](Outlet, std::string_view bytes) {
                             *total += bytes.size();
                             *most = std::max(*most, memory());
                             m_timers.after(0ms, [process] { (*process)->resume(); });
                             return Flow::full;
                           },
                           [call, total, most, before](const End& end) {
                             const auto grown = counts_memory && *most > before ? *most - before : 0;
                             call.send({{"bytes", *total}, {"words", end.words}, {"grown_kib", grown}});
                           }});
  }

  // For ever, as fast as the client reads.
  void yes(Call call) {
    const auto process = std::make_shared<std::optional<Process>>();
    call.on_cancel([process, call] {
      (*process)->kill();
      call.finish();
    });
    call.on_drained([process] { (*process)->resume(); });
    const std::string word = call.input().at("word");
    *process = m_processes.spawn({"yes", word}, {[this, call](Outlet, std::string_view bytes) {
                                                   m_poured += bytes.size();
                                                   return call.push({{"data", std::string(bytes)}});
                                                 },
                                                 [call](const End&) { call.finish(); }});
  }

  // Something that runs on, with children of its own, one of them in another group; found by its mark.
  void leave(Call call) {
    const std::string nap = "sleep " + call.input().at("mark").get<std::string>();
    Plan plan{"bash", "-c", "set -m; " + nap + " & " + nap + " & echo there; wait"};
    plan.session = call.input().value("session", "");
    m_processes.spawn(plan, {[call](Outlet, std::string_view) {
                        call.send({{"there", true}});
                        return Flow::ok;
                      }});
  }

  Timers m_timers;
  Processes m_processes;
  Files m_files;
  Http m_http;
  std::uint64_t m_poured = 0;  // bytes that yes() was given
};
BERTH_PLUGIN(Local);
