// What is not known is left out, and not guessed: processors of other makes say less in /proc/cpuinfo.
#include "cpu.hpp"

#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <thread>

namespace machine {

using berth::Json;

namespace {

// A control group's share, in processors.
std::optional<double> share_of(const Trees& trees) {
  const std::string second = trees.sys.text("fs/cgroup/cpu.max", 256).value_or("");
  const auto words = words_of(second);
  std::optional<double> quota, period;
  if (words.size() == 2) {
    quota = decimal_of(words[0]);
    period = decimal_of(words[1]);
  } else {
    quota = trees.sys.number<std::int64_t>("fs/cgroup/cpu/cpu.cfs_quota_us");
    period = trees.sys.number<std::int64_t>("fs/cgroup/cpu/cpu.cfs_period_us");
  }
  if (!quota || !period || *quota <= 0 || *period <= 0) return std::nullopt;
  return *quota / *period;
}

std::size_t usable() {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (::sched_getaffinity(0, sizeof set, &set) != 0) return 0;  // more than 1024
  return static_cast<std::size_t>(CPU_COUNT(&set));
}

}  // namespace

Processors processors_of(std::string_view cpuinfo) {
  Processors found;
  std::set<std::string> sockets;
  std::set<std::pair<std::string, std::string>> cores;
  std::string socket;
  for (const auto line : lines_of(cpuinfo)) {
    const auto at = line.find(':');
    if (at == std::string_view::npos) continue;
    const auto key = trimmed(line.substr(0, at)), value = trimmed(line.substr(at + 1));
    if (key == "processor") {
      if (number_of<unsigned>(value)) ++found.logical;
    } else if (key == "model name" || (key == "Model" && found.model.empty())) {
      found.model = shown(value);
    } else if (key == "vendor_id") {
      found.vendor = shown(value);
    } else if (key == "cpu MHz") {
      found.mhz = std::max(found.mhz, decimal_of(value).value_or(0));
    } else if (key == "physical id") {
      sockets.insert(socket = value);
    } else if (key == "core id") {
      cores.emplace(socket, value);
    }
  }
  found.sockets = sockets.size();
  found.cores = cores.size();
  return found;
}

Times times_of(std::string_view stat) {
  Times times;
  for (const auto line : lines_of(stat)) {
    const auto words = words_of(line);
    if (words.size() < 5 || words[0] != "cpu") continue;
    // user nice system idle iowait irq softirq steal; guests' are in user already
    const auto ticks = [&words](std::size_t at) {
      return at < words.size() ? number_of<std::uint64_t>(words[at]).value_or(0) : 0;
    };
    times = {ticks(1) + ticks(2), ticks(3) + ticks(6) + ticks(7), ticks(4), ticks(5), ticks(8)};
    break;
  }
  return times;
}

Json usage_between(const Times& before, const Times& after) {
  const auto more = [](std::uint64_t then, std::uint64_t now) {
    return now > then ? static_cast<double>(now - then) : 0.0;  // idle and iowait may go back
  };
  const double user = more(before.user, after.user), system = more(before.system, after.system),
               idle = more(before.idle, after.idle), wait = more(before.iowait, after.iowait),
               steal = more(before.steal, after.steal);
  const double all = std::max(1.0, user + system + idle + wait + steal);
  const auto percent = [all](double part) { return rounded(100 * part / all); };
  return {{"busy", percent(user + system + steal)},
          {"user", percent(user)},
          {"system", percent(system)},
          {"iowait", percent(wait)},
          {"steal", percent(steal)},
          {"idle", percent(idle)}};
}

Json load_of(std::string_view loadavg) {
  Json load = Json::object();
  const auto words = words_of(loadavg);
  const char* names[] = {"one_minute", "five_minutes", "fifteen_minutes"};
  for (std::size_t i = 0; i < 3 && i < words.size(); ++i) {
    if (const auto value = decimal_of(words[i])) load[names[i]] = *value;
  }
  return load;
}

Json tell_cpu(const Trees& trees, std::chrono::milliseconds sample) {
  const auto found = processors_of(trees.proc.text("cpuinfo").value_or(""));
  const Times before = sample.count() > 0 ? times_of(trees.proc.text("stat").value_or("")) : Times{};
  std::this_thread::sleep_for(sample);
  const Times after = times_of(trees.proc.text("stat").value_or(""));
  const long online = ::sysconf(_SC_NPROCESSORS_ONLN);
  Json answer{{"logical", online > 0 ? static_cast<std::size_t>(online) : found.logical},
              {"usage_percent", usage_between(before, after)},
              {"load", load_of(trees.proc.text("loadavg", 256).value_or(""))}};
  if (!found.model.empty()) answer["model"] = found.model;
  if (!found.vendor.empty()) answer["vendor"] = found.vendor;
  if (found.cores > 0) answer["cores"] = found.cores;
  if (found.sockets > 0) answer["sockets"] = found.sockets;
  if (found.mhz > 0) answer["mhz"] = rounded(found.mhz);
  if (const auto count = usable()) answer["usable"] = count;
  if (const auto share = share_of(trees)) answer["share"] = *share;
  return answer;
}

}  // namespace machine
