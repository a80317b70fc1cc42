// One connection, one request at a time, timed to the nanosecond: what a single client waits, without a load
// generator's scheduling in between. wrk's own percentiles are good at many connections and coarse at one.
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "../kit/connect.hpp"

namespace {

using bench::connect_to;
using bench::give_up;

using Clock = std::chrono::steady_clock;

constexpr const char* usage =
    "usage: bench-latency --port N --target /path?query [--header 'Name: value'] [--seconds S]\n"
    "  Prints the percentiles in microseconds as one JSON line.\n";
constexpr std::size_t warm_up = 1000;

struct Options {
  int port = 0;
  double seconds = 2;
  std::string target, headers;
};

bool read_options(int count, char** words, Options& options) {
  for (int i = 1; i + 1 < count; i += 2) {
    const std::string name = words[i], value = words[i + 1];
    if (name == "--port") {
      options.port = std::atoi(value.c_str());
    } else if (name == "--target") {
      options.target = value;
    } else if (name == "--header") {
      options.headers += value + "\r\n";
    } else if (name == "--seconds") {
      options.seconds = std::atof(value.c_str());
    } else {
      return false;
    }
  }
  return count % 2 == 1 && options.port > 0 && !options.target.empty() && options.seconds > 0;
}

// Where the answer that `text` begins with ends; 0 while that cannot be said.
std::size_t answer_size(std::string_view text) {
  const auto head = text.find("\r\n\r\n");
  if (head == std::string_view::npos) return 0;
  for (std::size_t at = text.find("\r\n"); at < head; at = text.find("\r\n", at + 2)) {
    constexpr std::string_view name = "content-length:";
    const auto field = text.substr(at + 2, name.size());
    const bool same = std::equal(field.begin(), field.end(), name.begin(), name.end(),
                                 [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a + 32 : a) == b; });
    if (same) return head + 4 + std::strtoul(text.data() + at + 2 + name.size(), nullptr, 10);
  }
  give_up("an answer without Content-Length");
}

class Caller {
 public:
  Caller(int fd, std::string request) : m_fd(fd), m_request(std::move(request)) {}
  ~Caller() { ::close(m_fd); }
  Caller(const Caller&) = delete;

  void call() {
    if (::send(m_fd, m_request.data(), m_request.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(m_request.size())) {
      give_up("cannot send");
    }
    std::size_t have = 0, want = 0;
    while (want == 0 || have < want) {
      const auto got = ::recv(m_fd, m_answer + have, sizeof m_answer - have, 0);
      if (got <= 0) give_up("the server hung up, or its answer is too long");
      have += static_cast<std::size_t>(got);
      if (want == 0) want = answer_size({m_answer, have});
    }
    if (std::string_view(m_answer, have).substr(0, 12) != "HTTP/1.1 200") give_up(std::string(m_answer, have));
  }

 private:
  const int m_fd;
  const std::string m_request;
  char m_answer[8192];
};

std::vector<std::int64_t> measure(Caller& caller, double seconds) {
  std::vector<std::int64_t> times;
  times.reserve(1u << 20);
  for (std::size_t i = 0; i < warm_up; ++i) caller.call();
  const auto until = Clock::now() + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
  for (auto begin = Clock::now(); begin < until;) {
    caller.call();
    const auto end = Clock::now();
    times.push_back(std::chrono::duration_cast<std::chrono::nanoseconds>(end - begin).count());
    begin = end;
  }
  std::sort(times.begin(), times.end());
  return times;
}

void print(const std::vector<std::int64_t>& times) {
  const auto at = [&](double part) {
    const auto rank = static_cast<std::size_t>(part * static_cast<double>(times.size() - 1));
    return static_cast<double>(times[rank]) / 1000.0;
  };
  std::printf("{\"count\":%zu,\"p50\":%.2f,\"p90\":%.2f,\"p99\":%.2f,\"p999\":%.2f,\"max\":%.2f}\n", times.size(),
              at(0.5), at(0.9), at(0.99), at(0.999), at(1));
}

}  // namespace

int main(int count, char** words) try {
  Options options;
  if (!read_options(count, words, options)) {
    std::fputs(usage, stderr);
    return 2;
  }
  Caller caller(connect_to(options.port), "GET " + options.target + " HTTP/1.1\r\nHost: 127.0.0.1:" +
                                              std::to_string(options.port) + "\r\n" + options.headers + "\r\n");
  print(measure(caller, options.seconds));
  return 0;
} catch (const std::exception& error) {
  std::fprintf(stderr, "bench-latency: %s\n", error.what());
  return 1;
}
