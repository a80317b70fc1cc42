// Asks a server a million questions, each with a nonce of its own, over connections half of whose clients hang up
// early, and fails if one answer reaches a client that did not ask for it, or if one that waits gets none.
#include <sys/epoll.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

#include "client.hpp"
#include "plan.hpp"
#include "tally.hpp"
#include "watch.hpp"

namespace berth::bench {

namespace {

using namespace std::chrono_literals;

constexpr const char* usage =
    "usage: bench-edge-soak --port N [--requests 1000000] [--connections 256] [--seed 1] [--pid PID] [--patience "
    "SECONDS]\n"
    "  The token, if any, is read from the environment: BERTH_TOKEN. Prints progress on stderr and one JSON object on\n"
    "  stdout. Exit: 0 all answers right, 1 some wrong, lost or unexpected, or descriptors left behind, 2 misused.\n";
constexpr std::size_t spare_fds = 8;  // that a server may hold more of afterwards without having leaked

struct Options {
  std::uint16_t port = 0;
  std::uint64_t requests = 1'000'000, seed = 1;
  std::size_t connections = 256;
  int pid = 0;
  std::chrono::seconds patience{30};
};

bool read_options(int count, char** words, Options& options) {
  for (int i = 1; i + 1 < count; i += 2) {
    const std::string name = words[i];
    const auto value = std::strtoull(words[i + 1], nullptr, 10);
    if (name == "--port")
      options.port = static_cast<std::uint16_t>(value);
    else if (name == "--requests")
      options.requests = value;
    else if (name == "--seed")
      options.seed = value;
    else if (name == "--connections")
      options.connections = value;
    else if (name == "--pid")
      options.pid = static_cast<int>(value);
    else if (name == "--patience")
      options.patience = std::chrono::seconds(value);
    else
      return false;
  }
  return count % 2 == 1 && options.port > 0 && options.requests > 0 && options.connections > 0;
}

class Soak {
 public:
  explicit Soak(const Options& options)
      : m_options(options),
        m_planner(options.seed, "127.0.0.1:" + std::to_string(options.port), token()),
        m_epoll(::epoll_create1(EPOLL_CLOEXEC)),
        m_seats(options.connections) {}
  ~Soak() { ::close(m_epoll); }
  Soak(const Soak&) = delete;

  const Tally& tally() const { return m_tally; }
  std::uint64_t asked() const { return m_planner.asked(); }
  bool server_gone() const { return m_server_gone; }

  void run() {
    while (seat_clients() && !m_server_gone) {
      step();
      const auto now = Clock::now();
      if (now - m_last_word >= 2s) say_progress(now);
    }
  }

 private:
  struct Seat {
    std::unique_ptr<Client> client;
    unsigned watched = 0;
  };

  static std::string token() {
    const char* set = std::getenv("BERTH_TOKEN");
    return set ? set : "";
  }

  // Fills the empty seats while there is something to ask. False: all is asked, and nobody sits any more.
  bool seat_clients() {
    bool anybody = false;
    for (std::size_t i = 0; i < m_seats.size(); ++i) {
      Seat& seat = m_seats[i];
      if (!seat.client && m_planner.asked() < m_options.requests && !m_server_gone) {
        seat.client = std::make_unique<Client>(m_planner.next(m_options.requests - m_planner.asked()), m_options.port,
                                               m_options.patience, m_tally);
        seat.watched = 0;
        watch(i);
      }
      anybody = anybody || seat.client;
    }
    return anybody;
  }

  // Tells epoll what the client waits for now, or clears its seat.
  void watch(std::size_t index) {
    Seat& seat = m_seats[index];
    if (seat.client->over()) {
      m_server_gone = m_server_gone || seat.client->refused();
      return seat.client.reset();
    }
    epoll_event event{};
    event.events = seat.client->wanted();
    event.data.u64 = index;
    const unsigned wanted = event.events | EPOLLERR;  // never 0, so that 0 means: not watched yet
    if (wanted == seat.watched) return;
    // A pausing client is taken off the list: a server that closes would wake it again and again.
    if (event.events == 0)
      ::epoll_ctl(m_epoll, EPOLL_CTL_DEL, seat.client->fd(), nullptr);
    else
      ::epoll_ctl(m_epoll, seat.watched == 0 ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, seat.client->fd(), &event);
    seat.watched = wanted;
  }

  void step() {
    epoll_event events[256];
    const int count = ::epoll_wait(m_epoll, events, 256, 1);
    for (int i = 0; i < count; ++i) {
      const auto index = static_cast<std::size_t>(events[i].data.u64);
      if (!m_seats[index].client) continue;
      m_seats[index].client->on_ready(events[i].events);
      watch(index);
    }
    const auto now = Clock::now();
    if (now - m_last_look < 1ms) return;
    m_last_look = now;
    for (std::size_t i = 0; i < m_seats.size(); ++i) {
      if (!m_seats[i].client) continue;
      m_seats[i].client->on_time(now);
      watch(i);
    }
  }

  void say_progress(Clock::time_point now) {
    m_last_word = now;
    const double seconds = std::chrono::duration<double>(now - m_began).count();
    std::fprintf(stderr, "  %llu of %llu requests, %.0f/s: %llu checked, %llu hung up, %llu wrong, %llu lost\n",
                 static_cast<unsigned long long>(asked()), static_cast<unsigned long long>(m_options.requests),
                 static_cast<double>(asked()) / seconds, static_cast<unsigned long long>(m_tally.checked),
                 static_cast<unsigned long long>(m_tally.hung_up), static_cast<unsigned long long>(m_tally.wrong),
                 static_cast<unsigned long long>(m_tally.lost));
  }

  const Options m_options;
  Planner m_planner;
  Tally m_tally;
  const int m_epoll;
  std::vector<Seat> m_seats;
  bool m_server_gone = false;
  const Clock::time_point m_began = Clock::now();
  Clock::time_point m_last_word = m_began, m_last_look = m_began;
};

// Gives the server a while to notice that everybody left.
Held settled(int pid, std::size_t fds_before) {
  Held held = held_by(pid);
  for (int i = 0; i < 100 && held.fds > fds_before; ++i) {
    std::this_thread::sleep_for(50ms);
    held = held_by(pid);
  }
  return held;
}

nlohmann::json report(const Soak& soak, const Options& options, double seconds, const Held& before, const Held& after) {
  const Tally& t = soak.tally();
  return {{"requests", soak.asked()},
          {"seed", options.seed},
          {"seconds", seconds},
          {"connections", t.connections},
          {"connections_hung_up", t.hung_up_connections},
          {"answers_checked", t.checked},
          {"requests_hung_up", t.hung_up},
          {"wrong", t.wrong},
          {"lost", t.lost},
          {"unexpected", t.unexpected},
          {"server_gone", soak.server_gone()},
          {"rss_kib_before", before.rss_kib},
          {"rss_kib_after", after.rss_kib},
          {"rss_kib_peak", after.peak_kib},
          {"fds_before", before.fds},
          {"fds_after", after.fds},
          {"examples", t.examples}};
}

int run(const Options& options) {
  const Held before = held_by(options.pid);
  const auto began = Clock::now();
  Soak soak(options);
  soak.run();
  const double seconds = std::chrono::duration<double>(Clock::now() - began).count();
  const Held after = settled(options.pid, before.fds);
  std::cout << report(soak, options, seconds, before, after).dump(1) << std::endl;
  const bool leaked = after.fds > before.fds + spare_fds;
  const bool died = options.pid > 0 && after.fds == 0;
  return soak.tally().clean() && !soak.server_gone() && !leaked && !died ? 0 : 1;
}

}  // namespace

}  // namespace berth::bench

int main(int count, char** words) {
  berth::bench::Options options;
  if (!berth::bench::read_options(count, words, options)) {
    std::cerr << berth::bench::usage;
    return 2;
  }
  return berth::bench::run(options);
}
