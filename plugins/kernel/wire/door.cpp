// Two pumps a client, each with one block: who reads slowly is waited for, and nothing grows. A pair is held by its own
// pumps, so what a wire says last still arrives.
#include "door.hpp"

#include <sys/eventfd.h>
#include <sys/resource.h>

#include <array>
#include <berth/fd.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <cstring>
#include <iterator>
#include <utility>

namespace kernel::wire {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

constexpr std::chrono::milliseconds rest{100}, farewell{1000};

bool is_tcp(const Door::Protocol::endpoint& one) { return one.protocol().family() != AF_UNIX; }

}  // namespace

struct Door::Pair : std::enable_shared_from_this<Door::Pair> {
  struct Way {
    Protocol::socket &from, &to;
    std::array<char, 64 << 10> block{};
    bool writing = false;
  };

  Pair(Loop& loop, Protocol::socket came)
      : near(std::move(came)), far(loop.context()), end(loop.context()), in{near, far}, out{far, near} {}

  void begin(bool tcp) {
    error_code ignored;
    for (auto* one : {&near, &far})
      if (tcp) one->set_option(asio::ip::tcp::no_delay(true), ignored);
    pump(in);
    pump(out);
  }

  void pump(Way& way) {
    way.from.async_read_some(asio::buffer(way.block),
                             [self = shared_from_this(), &way](error_code failed, std::size_t got) {
                               if (failed) return self->close();
                               self->pass_on(way, got);
                             });
  }

  void pass_on(Way& way, std::size_t size) {
    way.writing = true;
    asio::async_write(way.to, asio::buffer(way.block, size),
                      [self = shared_from_this(), &way](error_code failed, std::size_t) {
                        way.writing = false;
                        if (!failed && !self->parked) return self->pump(way);
                        if (&way == &self->out) self->close();  // else what is on its way out says the end
                      });
  }

  void say_farewell() {
    end.expires_after(farewell);
    end.async_wait([self = shared_from_this()](error_code stopped) {
      if (!stopped) self->close();
    });
  }

  // It hears no more, but believes that it is connected until it reads again: else it would come back at once.
  void park() {
    error_code ignored;
    parked = true;
    far.close(ignored);
  }

  void close() {
    error_code ignored;
    near.close(ignored);
    far.close(ignored);
    end.cancel();
  }

  Protocol::socket near, far;
  asio::steady_timer end;
  Way in, out;
  bool parked = false;
};

Descriptors descriptors() {
  rlimit files{};
  if (::getrlimit(RLIMIT_NOFILE, &files) != 0) return {};
  const berth::Fd lowest(::eventfd(0, EFD_CLOEXEC));
  const std::uint64_t all = files.rlim_cur, taken = lowest ? static_cast<std::uint64_t>(lowest.get()) : all;
  return {all, taken < all ? all - taken : 0};
}

Door::Door(Loop& loop, const Protocol::endpoint& outer, Protocol::endpoint inner)
    : m_loop(loop), m_inner(std::move(inner)), m_acceptor(loop.context()), m_rest(loop) {
  m_acceptor.open(outer.protocol());
  m_acceptor.bind(outer);
  m_acceptor.listen();
  accept();
}

Door::~Door() {
  for (const auto& one : m_pairs)
    if (const auto pair = one.lock()) pair->say_farewell();
}

int Door::port() const {
  const auto here = m_acceptor.local_endpoint();
  asio::ip::tcp::endpoint tcp;
  tcp.resize(here.size());
  std::memcpy(tcp.data(), here.data(), here.size());
  return tcp.port();
}

void Door::accept() {
  m_acceptor.async_accept([this, alive = std::weak_ptr(m_alive)](error_code failed, Protocol::socket came) {
    if (alive.expired()) return;
    if (failed) return m_rest.set(rest, [this] { accept(); });
    if (descriptors().left > spare_descriptors) let_in(std::move(came));
    accept();
  });
}

void Door::let_in(Protocol::socket came) {
  for (auto one = m_pairs.begin(); one != m_pairs.end();) one = one->expired() ? m_pairs.erase(one) : std::next(one);
  if (m_pairs.size() >= most_clients) return;
  const auto pair = std::make_shared<Pair>(m_loop, std::move(came));
  m_pairs.insert(pair);
  pair->far.async_connect(m_inner, [pair, tcp = is_tcp(m_inner)](error_code unreachable) {
    unreachable ? pair->close() : pair->begin(tcp);
  });
}

bool Door::cut_off_slow() {
  bool any = false;
  for (const auto& one : m_pairs) {
    const auto pair = one.lock();
    if (!pair || pair->parked || !pair->out.writing) continue;
    pair->park();
    any = true;
  }
  return any;
}

}  // namespace kernel::wire
