// Clients of MCP that send a request, wait for its answer and send the next, all in one thread: what a server and its
// way cost, with as little of a client's own work as bytes can be had for.
#include <poll.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>

#include "line.hpp"

namespace {

using bench::Clock;
using bench::give_up;
using bench::Line;

constexpr const char* usage =
    "usage: bench-mcp [--clients N] [--seconds S] [--version REVISION] --ask METHOD PARAMS …\n"
    "                 --port N --path /mcp [--token TOKEN] | --program PROGRAM WORDS …\n"
    "  Each METHOD is asked for S seconds by all clients, and is a line of JSON: percentiles in microseconds, how "
    "many\n"
    "  answers there were, the first of them, and the memory of the programs, in kB.\n";

struct Asked {
  std::string method, params;
};

struct Options {
  bench::HttpLine::Place place{0, "/mcp", "", "2025-11-25"};
  std::vector<std::string> program;
  std::vector<Asked> asked;
  std::size_t clients = 1;
  double seconds = 2;
};

bool read_options(const std::vector<std::string>& words, Options& options) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& name = words[i];
    const auto next = [&] { return ++i < words.size() ? words[i] : std::string(); };
    if (name == "--program") {
      options.program.assign(words.begin() + static_cast<std::ptrdiff_t>(i) + 1, words.end());
      break;
    }
    if (name == "--ask") {
      const std::string method = next();
      options.asked.push_back({method, next()});
    } else if (name == "--clients") {
      options.clients = std::strtoul(next().c_str(), nullptr, 10);
    } else if (name == "--seconds") {
      options.seconds = std::atof(next().c_str());
    } else if (name == "--version") {
      options.place.version = next();
    } else if (name == "--port") {
      options.place.port = std::atoi(next().c_str());
    } else if (name == "--path") {
      options.place.path = next();
    } else if (name == "--token") {
      options.place.token = next();
    } else {
      return false;
    }
  }
  return !options.asked.empty() && options.clients > 0 && (options.place.port > 0) == options.program.empty();
}

struct Client {
  std::unique_ptr<Line> line;
  std::uint64_t last = 0;
  Clock::time_point began;

  void ask(const std::string& method, const std::string& params) {
    const std::string id = std::to_string(++last);
    const std::string text =
        R"({"jsonrpc":"2.0","id":)" + id + R"(,"method":")" + method + R"(","params":)" + params + "}";
    began = Clock::now();
    line->send(method, text, id);
  }
  void wait() const {
    while (!line->take()) {
    }
  }
};

void say_hello(Client& client, const std::string& version) {
  if (version >= "2026") return;
  client.ask("initialize", R"({"protocolVersion":")" + version +
                               R"(","capabilities":{},"clientInfo":{"name":"bench","version":"1"}})");
  client.wait();
  client.line->send("notifications/initialized", R"({"jsonrpc":"2.0","method":"notifications/initialized"})", "");
  client.wait();
}

std::vector<Client> make(const Options& options) {
  std::vector<Client> all(options.clients);
  for (auto& one : all) {
    if (options.program.empty())
      one.line = std::make_unique<bench::HttpLine>(options.place);
    else
      one.line = std::make_unique<bench::StdioLine>(options.program);
  }
  for (auto& one : all) say_hello(one, options.place.version);
  return all;
}

// All of them at once, each with one request under way, for so long.
std::vector<std::int64_t> measure(std::vector<Client>& clients, const Asked& asked, double seconds) {
  std::vector<std::int64_t> times;
  std::vector<pollfd> watched;
  for (auto& one : clients) watched.push_back({one.line->fd(), POLLIN, 0});
  const auto until = Clock::now() + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
  for (auto& one : clients) one.ask(asked.method, asked.params);
  for (std::size_t waiting = clients.size(); waiting > 0;) {
    if (::poll(watched.data(), watched.size(), 30'000) <= 0) give_up("no answer for half a minute");
    for (std::size_t i = 0; i < clients.size(); ++i) {
      if (watched[i].revents == 0 || !clients[i].line->take()) continue;
      const auto took = clients[i].line->answered_at() - clients[i].began;
      times.push_back(std::chrono::duration_cast<std::chrono::nanoseconds>(took).count());
      const bool again = Clock::now() < until;
      if (again) clients[i].ask(asked.method, asked.params);
      if (!again) --waiting;
    }
  }
  std::sort(times.begin(), times.end());
  return times;
}

long resident_kb(int process) {
  if (process == 0) return 0;
  const std::string path = "/proc/" + std::to_string(process) + "/status";
  std::FILE* file = std::fopen(path.c_str(), "r");
  long kb = 0;
  char line[256];
  while (file && std::fgets(line, sizeof line, file))
    if (std::sscanf(line, "VmRSS: %ld kB", &kb) == 1) break;
  if (file) std::fclose(file);
  return kb;
}

void print(const Asked& asked, const std::vector<std::int64_t>& times, const std::vector<Client>& clients) {
  const auto at = [&](double part) {
    return static_cast<double>(times[static_cast<std::size_t>(part * static_cast<double>(times.size() - 1))]) / 1000.0;
  };
  long kb = 0;
  for (const auto& one : clients) kb += resident_kb(one.line->process());
  std::printf(R"({"method":"%s","count":%zu,"p50_us":%.2f,"p99_us":%.2f,"max_us":%.2f,"programs_kb":%ld,"answer":%s})"
              "\n",
              asked.method.c_str(), times.size(), at(0.5), at(0.99), at(1), kb, clients[0].line->answer().c_str());
}

}  // namespace

int main(int count, char** words) try {
  Options options;
  if (!read_options({words + 1, words + count}, options)) {
    std::fputs(usage, stderr);
    return 2;
  }
  auto clients = make(options);
  for (const auto& asked : options.asked) {
    measure(clients, asked, options.seconds / 4);  // warm
    print(asked, measure(clients, asked, options.seconds), clients);
  }
  return 0;
} catch (const std::exception& error) {
  std::fprintf(stderr, "bench-mcp: %s\n", error.what());
  return 1;
}
