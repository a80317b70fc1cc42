// Two looks at /proc/PID/stat of all, and more only of those that the page shows. A process that is gone by the second
// look is left out.
#include "processes.hpp"

#include <berth/call.hpp>

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <map>
#include <thread>

#include "paging.hpp"
#include "task_text.hpp"
#include "users.hpp"

namespace machine {

using berth::Json;

namespace {

constexpr std::size_t most_processes = 100'000;

struct Seen {
  TaskStat stat;
  double percent = 0;
};

double seconds_of(std::uint64_t ticks) {
  static const double each = static_cast<double>(std::max(1L, ::sysconf(_SC_CLK_TCK)));
  return static_cast<double>(ticks) / each;
}

std::uint64_t resident(const TaskStat& stat) {
  static const auto page = static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  return stat.resident_pages * page;
}

std::map<std::string, TaskStat> look(const Trees& trees, bool& cut) {
  std::map<std::string, TaskStat> found;
  for (const auto& name : trees.proc.names("", most_processes, &cut)) {
    if (!number_of<std::int64_t>(name)) continue;
    auto stat = task_stat_of(trees.proc.text(name + "/stat", 4096).value_or(""));
    if (stat) found.emplace(name, std::move(*stat));
  }
  return found;
}

double uptime(const Trees& trees) {
  const std::string text = trees.proc.text("uptime", 256).value_or("");
  const auto words = words_of(text);
  return words.empty() ? 0 : decimal_of(words[0]).value_or(0);
}

// Of one processor, so eight busy threads have 800. Without a sample it is the share of its whole life, as ps tells it.
std::vector<Seen> sampled(const Trees& trees, std::chrono::milliseconds sample, bool& cut) {
  std::map<std::string, TaskStat> before;
  const auto begin = std::chrono::steady_clock::now();
  if (sample.count() > 0) {
    before = look(trees, cut);
    std::this_thread::sleep_for(sample);
  }
  const double now = uptime(trees),
               lasted = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  std::vector<Seen> seen;
  for (auto& [name, stat] : look(trees, cut)) {
    const auto then = before.find(name);
    // A process number may be another's by now; its begin then is, too.
    const bool same = then != before.end() && then->second.begun == stat.begun && then->second.ticks <= stat.ticks;
    const double life = now - seconds_of(stat.begun);
    double percent = 0;
    if (same)
      percent = 100 * seconds_of(stat.ticks - then->second.ticks) / lasted;
    else if (life > 0)
      percent = 100 * seconds_of(stat.ticks) / life;
    seen.push_back({std::move(stat), percent});
  }
  return seen;
}

void sort(std::vector<Seen>& all, const std::string& by) {
  const auto key = [&by](const Seen& one) {
    if (by == "cpu") return -one.percent;
    if (by == "memory") return -static_cast<double>(one.stat.resident_pages);
    if (by == "started") return -static_cast<double>(one.stat.begun);
    return 0.0;
  };
  std::sort(all.begin(), all.end(), [&](const Seen& a, const Seen& b) {
    if (by == "name" && a.stat.name != b.stat.name) return a.stat.name < b.stat.name;
    return std::pair(key(a), a.stat.pid) < std::pair(key(b), b.stat.pid);
  });
}

std::string folder_of(const TaskStat& stat) { return std::to_string(stat.pid); }

TaskStatus status_of(const Trees& trees, const TaskStat& stat) {
  return task_status_of(trees.proc.text(folder_of(stat) + "/status", 65'536).value_or(""));
}

void add_command(Json& one, const Trees& trees, const Looks& looks, const TaskStat& stat) {
  if (!looks.command_lines) return;
  const auto command = command_of(trees.proc.text(folder_of(stat) + "/cmdline", 8192).value_or(""));
  if (!command.empty()) one["command"] = command;
}

Json told(const Trees& trees, const Users& users, const TaskStat& stat) {
  const auto since = ::time(nullptr) - static_cast<std::int64_t>(uptime(trees) - seconds_of(stat.begun));
  const auto user = status_of(trees, stat).user;
  return {{"pid", stat.pid},
          {"name", stat.name},
          {"state", state_word(stat.state)},
          {"parent", stat.parent},
          {"user", user ? Json(users.name_of(*user)) : Json(nullptr)},
          {"memory", resident(stat)},
          {"cpu_seconds", seconds_of(stat.ticks)},
          {"threads", stat.threads},
          {"started_at", utc(since)}};
}

Json threads_of(const Trees& trees, const std::string& folder, bool& cut) {
  constexpr std::size_t most = 256;
  Json threads = Json::array();
  auto names = trees.proc.names(folder + "/task", most + 1);
  cut = names.size() > most;
  if (cut) names.pop_back();
  for (const auto& name : names) {
    const auto stat = task_stat_of(trees.proc.text(folder + "/task/" + name + "/stat", 4096).value_or(""));
    if (stat)
      threads.push_back({{"id", stat->pid},
                         {"name", stat->name},
                         {"state", state_word(stat->state)},
                         {"cpu_seconds", seconds_of(stat->ticks)}});
  }
  return threads;
}

}  // namespace

Json tell_processes(const Trees& trees, const Looks& looks, const Json& input) {
  const Users users(trees.root.text("etc/passwd").value_or(""));
  bool cut = false;
  auto all = sampled(trees, std::chrono::milliseconds(input.value("sample_ms", 200)), cut);
  const std::string name = input.value("name", ""), user = input.value("user", "");
  all.erase(std::remove_if(all.begin(), all.end(),
                           [&](const Seen& one) {
                             if (one.stat.name.find(name) == std::string::npos) return true;
                             if (user.empty()) return false;
                             const auto owner = status_of(trees, one.stat).user;
                             return !owner || users.name_of(*owner) != user;
                           }),
            all.end());
  sort(all, input.value("sort", "cpu"));
  const Page page(input, all.size(), 50);
  Json answer = page.answer("processes", cut);
  for (std::size_t i = page.begin; i < page.end; ++i) {
    Json one = told(trees, users, all[i].stat);
    one["cpu_percent"] = rounded(all[i].percent);
    add_command(one, trees, looks, all[i].stat);
    answer["processes"].push_back(std::move(one));
  }
  return answer;
}

Json tell_process(const Trees& trees, const Looks& looks, const Json& input) {
  const std::string folder = std::to_string(input.at("pid").get<std::int64_t>());
  const auto stat = task_stat_of(trees.proc.text(folder + "/stat", 4096).value_or(""));
  if (!stat) throw berth::Error(404, "no_such_process", "there is no process " + folder, "system.processes lists them");
  const Users users(trees.root.text("etc/passwd").value_or(""));
  Json answer = told(trees, users, *stat);
  const auto status = status_of(trees, *stat);
  answer["memory_detail"] = {{"virtual", stat->virtual_size},
                             {"peak", status.peak},
                             {"shared", status.shared},
                             {"data", status.data},
                             {"swap", status.swap}};
  answer["nice"] = stat->nice;
  const double life = uptime(trees) - seconds_of(stat->begun);
  answer["cpu_percent"] = life > 0 ? rounded(100 * seconds_of(stat->ticks) / life) : 0.0;
  answer["running_seconds"] = std::max<std::int64_t>(0, static_cast<std::int64_t>(life));
  answer["limits"] = limits_of(trees.proc.text(folder + "/limits", 65'536).value_or(""));
  bool cut = false;
  answer["thread_list"] = threads_of(trees, folder, cut);
  if (cut) answer["threads_cut"] = true;
  const auto files = trees.proc.names(folder + "/fd", 1'000'000);
  if (!files.empty()) answer["open_files"] = files.size();  // of others' nothing can be seen
  if (looks.command_lines) {
    if (const auto program = trees.proc.link(folder + "/exe")) answer["program"] = shown(*program, 4096);
  }
  add_command(answer, trees, looks, *stat);
  return answer;
}

}  // namespace machine
