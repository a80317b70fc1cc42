// A number leads to One, as in Processes: heard under nobody's lock, and not once the instance ends.
#include "loader/services/exchanges.hpp"

#include <condition_variable>
#include <mutex>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace berth::loader {

using service::Error;
using service::HttpFields;
using service::HttpRequest;

struct Exchanges::One {
  std::uint64_t number = 0;
  bool beside = false;
  std::shared_ptr<Ears> ears;                      // under the body's lock
  std::shared_ptr<service::HttpExchange> running;  // I/O thread
};

struct Exchanges::Body : std::enable_shared_from_this<Body> {
  Body(service::EventLoop& on, Enter turn, Enter beside, std::size_t at_most)
      : loop(on), enter(std::move(turn)), enter_beside(std::move(beside)), most(at_most), client(on) {}

  std::shared_ptr<One> find(std::uint64_t exchange);
  std::shared_ptr<Ears> ears_of(const One& one);
  void launch(const std::shared_ptr<One>& one, HttpRequest request);
  void tell(const std::shared_ptr<One>& one, std::function<void(Ears&)> what);
  bool hear(const std::shared_ptr<One>& one, std::string_view piece);
  void over(const std::shared_ptr<One>& one, std::optional<Error> failed);
  void forget(const std::shared_ptr<One>& one);

  service::EventLoop& loop;
  const Enter enter, enter_beside;
  const std::size_t most;
  service::HttpClient client;  // I/O thread

  std::mutex mutex;  // guards what follows
  std::condition_variable changed;
  std::unordered_map<std::uint64_t, std::shared_ptr<One>> all;
  std::uint64_t last = 0;
  bool ended = false;
};

std::shared_ptr<Exchanges::One> Exchanges::Body::find(std::uint64_t exchange) {
  const std::lock_guard lock(mutex);
  const auto at = all.find(exchange);
  return at == all.end() ? nullptr : at->second;
}

std::shared_ptr<Exchanges::Ears> Exchanges::Body::ears_of(const One& one) {
  const std::lock_guard lock(mutex);
  return one.ears;
}

void Exchanges::Body::launch(const std::shared_ptr<One>& one, HttpRequest request) {
  if (!ears_of(*one)) return;  // cancelled, or the instance has ended meanwhile
  const auto weak = weak_from_this();
  service::HttpClient::Ears heard{
      [weak, one](int status, const HttpFields& fields) {
        if (const auto self = weak.lock())
          self->tell(one, [one, status, fields](Ears& ears) { ears.head(one->number, status, fields); });
      },
      [weak, one](std::string_view piece) {
        const auto self = weak.lock();
        return self && self->hear(one, piece);
      },
      [weak, one](const std::optional<Error>& failed) {
        if (const auto self = weak.lock()) self->over(one, failed);
      }};
  auto running = client.start(std::move(request), std::move(heard));
  if (!running) return over(one, running.error());
  one->running = std::move(*running);
}

void Exchanges::Body::tell(const std::shared_ptr<One>& one, std::function<void(Ears&)> what) {
  auto body = [self = shared_from_this(), one, what = std::move(what)] {
    if (const auto ears = self->ears_of(*one)) what(*ears);
  };
  one->beside ? enter_beside(std::move(body)) : enter(std::move(body));
}

bool Exchanges::Body::hear(const std::shared_ptr<One>& one, std::string_view piece) {
  tell(one, [self = shared_from_this(), one, bytes = std::string(piece)](Ears& ears) {
    if (!ears.piece(one->number, bytes)) return;
    self->loop.post([one] {
      if (one->running) one->running->resume();
    });
  });
  return false;
}

void Exchanges::Body::over(const std::shared_ptr<One>& one, std::optional<Error> failed) {
  loop.post([one] { one->running.reset(); });  // not now: it is the exchange itself that tells
  tell(one, [self = shared_from_this(), one, failed = std::move(failed)](Ears& ears) {
    ears.ended(one->number, failed);
    self->forget(one);
  });
}

void Exchanges::Body::forget(const std::shared_ptr<One>& one) {
  std::shared_ptr<Ears> dropped;  // outside of the lock
  const std::lock_guard lock(mutex);
  dropped = std::move(one->ears);
  all.erase(one->number);
  changed.notify_all();
}

Exchanges::Exchanges(service::EventLoop& loop, Enter enter, Enter enter_beside, std::size_t most)
    : m_body(std::make_shared<Body>(loop, std::move(enter), std::move(enter_beside), most)) {}

Exchanges::~Exchanges() { end(); }

void Exchanges::end() {
  std::unordered_map<std::uint64_t, std::shared_ptr<One>> all;
  std::vector<std::shared_ptr<Ears>> dropped;  // outside of the lock
  {
    const std::lock_guard lock(m_body->mutex);
    m_body->ended = true;
    all.swap(m_body->all);
    for (const auto& [number, one] : all) dropped.push_back(std::move(one->ears));
    m_body->changed.notify_all();
  }
  // The client goes where its sockets are used.
  auto stop = [body = m_body, all = std::move(all)] {
    for (const auto& [number, one] : all) one->running.reset();
  };
  m_body->loop.here() ? stop() : m_body->loop.post(std::move(stop));
}

std::uint64_t Exchanges::start(HttpRequest request, Ears ears, bool beside) {
  const auto one = std::make_shared<One>();
  one->beside = beside;
  one->ears = std::make_shared<Ears>(std::move(ears));
  {
    const std::lock_guard lock(m_body->mutex);
    if (m_body->ended || m_body->all.size() >= m_body->most) return 0;
    one->number = ++m_body->last;
    m_body->all[one->number] = one;
  }
  const auto shared = std::make_shared<HttpRequest>(std::move(request));
  m_body->loop.post([body = m_body, one, shared] { body->launch(one, std::move(*shared)); });
  return one->number;
}

void Exchanges::resume(std::uint64_t exchange) {
  if (const auto one = m_body->find(exchange))
    m_body->loop.post([one] {
      if (one->running) one->running->resume();
    });
}

void Exchanges::cancel(std::uint64_t exchange) {
  const auto one = m_body->find(exchange);
  if (!one) return;
  m_body->forget(one);
  m_body->loop.post([one] { one->running.reset(); });
}

bool Exchanges::wait(std::uint64_t exchange) {
  const auto one = m_body->find(exchange);
  if (!one) return true;
  if (!one->beside || m_body->loop.here()) return false;
  std::unique_lock lock(m_body->mutex);
  m_body->changed.wait(lock, [&] { return m_body->all.count(exchange) == 0; });
  return true;
}

}  // namespace berth::loader
