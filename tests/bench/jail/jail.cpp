// One round of the bench, as JSON: `true` started and waited for in each way in turn, so that a slow moment of the
// machine hits all alike; then jails opened one by one, and many at once. usage: bench-jail TIMES OPENS MANY [WORDS…],
// which are the peer's.
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>

#include "jail/jails.hpp"
#include "service.hpp"

namespace {

using namespace berth;
using nlohmann::json;
using Clock = std::chrono::steady_clock;
using Times = std::vector<double>;

extern "C" char** environ;

double since(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

json summary(Times& times) {
  std::sort(times.begin(), times.end());
  const auto at = [&](double share) {
    return times[static_cast<std::size_t>(share * static_cast<double>(times.size() - 1))];
  };
  return {{"p50_ms", at(0.5)}, {"p90_ms", at(0.9)}, {"least_ms", times.front()}};
}

[[noreturn]] void fail(const std::string& why) {
  std::cerr << "bench-jail: " << why << "\n";
  std::exit(1);
}

void run_outside(std::vector<std::string> words) {
  std::vector<char*> pointers;
  for (auto& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  pid_t pid = -1;
  int status = 0;
  if (::posix_spawn(&pid, pointers[0], nullptr, nullptr, pointers.data(), environ) != 0)
    fail("cannot start " + words[0]);
  ::waitpid(pid, &status, 0);
  if (status != 0) fail(words[0] + " failed");
}

void run_inside(jail::Jail& jail) {
  jail::Plan plan;
  plan.program = "/usr/bin/true";
  plan.arguments = {"true"};
  plan.environment = {"PATH=/usr/bin:/bin"};
  plan.fds = {0, 1, 2};
  const auto process = jail.spawn(plan);
  if (!process) fail(process.error().message);
  if ((*process)->wait()->code != 0) fail("true failed inside");
}

std::unique_ptr<jail::Jail> open_one(jail::Jails& jails, const std::string& name) {
  jail::Options options;
  options.name = name;
  options.user = jails.take_user();
  auto opened = jails.open(options);
  if (!opened) fail(opened.error().message);
  return std::move(*opened);
}

json spawns(jail::Jails& jails, int times, const std::vector<std::string>& peer) {
  const auto jail = open_one(jails, "spawns");
  bench::Service service(jails);
  std::map<std::string, Times> found;
  const auto measure = [&](const char* way, auto&& run) {
    const auto start = Clock::now();
    run();
    found[way].push_back(since(start));
  };
  for (int i = 0; i < times + 5; ++i) {
    if (i == 5) found.clear();  // caches are warm
    measure("bare", [] { run_outside({"/usr/bin/true"}); });
    measure("jail", [&] { run_inside(*jail); });
    measure("service", [&] {
      if (!service.run()) fail("true failed through the service");
    });
    if (!peer.empty()) measure("bubblewrap", [&] { run_outside(peer); });
  }
  json all = json::object();
  for (auto& [way, one] : found) all[way] = summary(one);
  return all;
}

json openings(jail::Jails& jails, int times) {
  Times open, close;
  for (int i = 0; i < times + 2; ++i) {
    auto start = Clock::now();
    const auto jail = open_one(jails, "opening");
    const double opened = since(start);
    start = Clock::now();
    if (jail->close()) fail("a jail left something behind");
    if (i < 2) continue;
    open.push_back(opened);
    close.push_back(since(start));
    jails.give_back(jail->user());
  }
  return {{"open", summary(open)}, {"close", summary(close)}};
}

double kib_in(const std::string& file, const std::string& field) {
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with(field)) return std::strtod(line.c_str() + field.size(), nullptr);
  }
  return 0;
}

// Of the jails' own processes, which are this one's children.
double children_kib(const std::string& field) {
  double all = 0;
  const std::string own = ") S " + std::to_string(::getpid()) + " ";
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    std::ifstream stat(entry.path() / "stat");
    std::string line;
    if (std::getline(stat, line) && line.find(own) != std::string::npos)
      all += kib_in(entry.path() / "smaps_rollup", field);
  }
  return all;
}

json many(jail::Jails& jails, int count) {
  const double before = kib_in("/proc/self/status", "VmRSS:");
  std::vector<std::unique_ptr<jail::Jail>> all;
  const auto start = Clock::now();
  for (int i = 0; i < count; ++i) all.push_back(open_one(jails, "many-" + std::to_string(i)));
  const double opened = since(start);
  for (auto& jail : all) run_inside(*jail);
  json found{{"count", count},
             {"open_ms_each", opened / count},
             {"host_kib_each", (kib_in("/proc/self/status", "VmRSS:") - before) / count},
             {"pss_kib_each", children_kib("Pss:") / count},
             {"private_kib_each", children_kib("Private_Dirty:") / count}};
  const auto end = Clock::now();
  all.clear();
  found["close_ms_each"] = since(end) / count;
  return found;
}

}  // namespace

int main(int count, char** with) {
  if (count < 4) fail("usage: bench-jail TIMES OPENS MANY [WORDS…]");
  const std::vector<std::string> peer(with + 4, with + count);
  const std::string folder =
      (std::filesystem::temp_directory_path() / ("berth-bench-jail-" + std::to_string(::getpid()))).string();
  auto start = Clock::now();
  auto jails = jail::Jails::make({folder});
  if (!jails) fail(jails.error().message);
  json found{{"probe_ms", since(start)}, {"isolation", (*jails)->isolation().json()}};
  found["spawn"] = spawns(**jails, std::atoi(with[1]), peer);
  found["opening"] = openings(**jails, std::atoi(with[2]));
  found["many"] = many(**jails, std::atoi(with[3]));
  std::cout << found.dump() << "\n";
  return 0;
}
