// A number leads to One; what it hears it hears under nobody's lock, and not once the instance ends.
#include "loader/services/processes.hpp"

#include <berth/service/process.h>

#include <condition_variable>
#include <mutex>
#include <unordered_map>
#include <utility>

namespace berth::loader {

using service::Child;
using service::End;
using service::Outlet;

namespace {

constexpr std::size_t much = 256u << 10;  // that waits to be read by a process

}  // namespace

struct Processes::One {
  std::uint64_t number = 0;
  bool beside = false;
  std::shared_ptr<Ears> ears;    // under the body's lock
  std::shared_ptr<Child> child;  // I/O thread
  std::size_t waiting = 0;       // of its input; under the lock
  bool wants_room = false;       // as well
};

struct Processes::Body : std::enable_shared_from_this<Body> {
  Body(service::EventLoop& on, service::Launcher& with, Ways into, std::size_t at_most)
      : loop(on), launcher(with), ways(std::move(into)), most(at_most) {}

  std::shared_ptr<One> find(std::uint64_t process);
  std::shared_ptr<Ears> ears_of(const One& one);
  void launch(const std::shared_ptr<One>& one, Child::Plan plan);
  void tell(const std::shared_ptr<One>& one, std::function<void(Ears&)> what);
  bool hear(const std::shared_ptr<One>& one, Outlet outlet, std::string_view piece);
  void took(const std::shared_ptr<One>& one, std::size_t bytes);
  void over(const std::shared_ptr<One>& one, const End& end);

  service::EventLoop& loop;
  service::Launcher& launcher;
  const Ways ways;
  const std::size_t most;

  std::mutex mutex;  // guards what follows
  std::condition_variable changed;
  std::unordered_map<std::uint64_t, std::shared_ptr<One>> all;
  std::uint64_t last = 0;
  bool ended = false;
};

// ---- on the I/O thread

std::shared_ptr<Processes::One> Processes::Body::find(std::uint64_t process) {
  const std::lock_guard lock(mutex);
  const auto at = all.find(process);
  return at == all.end() ? nullptr : at->second;
}

std::shared_ptr<Processes::Ears> Processes::Body::ears_of(const One& one) {
  const std::lock_guard lock(mutex);
  return one.ears;
}

void Processes::Body::launch(const std::shared_ptr<One>& one, Child::Plan plan) {
  if (!ears_of(*one)) return;  // the instance has ended meanwhile
  const auto weak = weak_from_this();
  Child::Ears heard{[weak, one](Outlet outlet, std::string_view piece) {
                      const auto self = weak.lock();
                      return self && self->hear(one, outlet, piece);
                    },
                    [weak, one](const End& end) {
                      if (const auto self = weak.lock()) self->over(one, end);
                    },
                    [weak, one](std::size_t bytes) {
                      if (const auto self = weak.lock()) self->took(one, bytes);
                    },
                    [weak, one](const service::Hits& hits) {
                      if (const auto self = weak.lock())
                        self->tell(one, [one, hits](Ears& ears) { ears.hits(one->number, hits); });
                    }};
  auto child = Child::spawn(loop, launcher, std::move(plan), std::move(heard));
  if (child) {
    one->child = std::move(*child);
    return;
  }
  End end;
  end.cause = service::Cause::not_started;
  end.words = child.error().message;
  over(one, end);
}

void Processes::Body::tell(const std::shared_ptr<One>& one, std::function<void(Ears&)> what) {
  auto body = [self = shared_from_this(), one, what = std::move(what)] {
    if (const auto ears = self->ears_of(*one)) what(*ears);
  };
  one->beside ? ways.enter_beside(std::move(body)) : ways.enter(std::move(body));
}

// Copied, since the plugin's turn may come later; the next piece is not read before.
bool Processes::Body::hear(const std::shared_ptr<One>& one, Outlet outlet, std::string_view piece) {
  tell(one, [self = shared_from_this(), one, outlet, bytes = std::string(piece)](Ears& ears) {
    if (!ears.output(one->number, outlet, bytes)) return;
    self->loop.post([one, outlet] {
      if (one->child) one->child->resume(outlet);
    });
  });
  return false;
}

void Processes::Body::took(const std::shared_ptr<One>& one, std::size_t bytes) {
  {
    const std::lock_guard lock(mutex);
    one->waiting -= std::min(bytes, one->waiting);
    if (one->waiting > much / 2 || !std::exchange(one->wants_room, false)) return;
  }
  tell(one, [one](Ears& ears) { ears.room(one->number); });
}

void Processes::Body::over(const std::shared_ptr<One>& one, const End& end) {
  // Not now: it is the child itself that tells.
  loop.post([one] { one->child.reset(); });
  tell(one, [self = shared_from_this(), one, end](Ears& ears) {
    ears.ended(one->number, end);
    std::shared_ptr<Ears> dropped;
    const std::lock_guard lock(self->mutex);
    dropped = std::move(one->ears);
    self->all.erase(one->number);
    self->changed.notify_all();
  });
}

// ---- on any thread

Processes::Processes(service::EventLoop& loop, service::Launcher& launcher, Ways ways, std::size_t most)
    : m_body(std::make_shared<Body>(loop, launcher, std::move(ways), most)) {}

Processes::~Processes() { end(); }

void Processes::end() {
  std::unordered_map<std::uint64_t, std::shared_ptr<One>> all;
  std::vector<std::shared_ptr<Ears>> dropped;  // outside of the lock
  {
    const std::lock_guard lock(m_body->mutex);
    m_body->ended = true;
    all.swap(m_body->all);
    for (const auto& [number, one] : all) dropped.push_back(std::move(one->ears));
    m_body->changed.notify_all();
  }
  auto kill = [all = std::move(all)] {
    for (const auto& [number, one] : all) one->child.reset();
  };
  m_body->loop.here() ? kill() : m_body->loop.post(std::move(kill));
}

std::uint64_t Processes::spawn(Child::Plan plan, Ears ears, bool beside) {
  const auto one = std::make_shared<One>();
  one->beside = beside;
  one->ears = std::make_shared<Ears>(std::move(ears));
  {
    const std::lock_guard lock(m_body->mutex);
    if (m_body->ended || m_body->all.size() >= m_body->most) return 0;
    one->number = ++m_body->last;
    m_body->all[one->number] = one;
  }
  const auto shared = std::make_shared<Child::Plan>(std::move(plan));
  m_body->loop.post([body = m_body, one, shared] { body->launch(one, std::move(*shared)); });
  return one->number;
}

Processes::Taken Processes::write(std::uint64_t process, std::string_view bytes) {
  std::shared_ptr<One> one;
  bool full = false;
  {
    const std::lock_guard lock(m_body->mutex);
    const auto at = m_body->all.find(process);
    if (at == m_body->all.end()) return Taken::gone;
    one = at->second;
    if (one->waiting > 0 && one->waiting + bytes.size() > BERTH_PROCESS_INPUT_MOST) return Taken::too_much;
    one->waiting += bytes.size();
    full = one->waiting > much;
    one->wants_room = one->wants_room || full;
  }
  m_body->loop.post([body = m_body, one, text = std::string(bytes)]() mutable {
    if (one->child)
      one->child->write(std::move(text));
    else
      body->took(one, text.size());
  });
  return full ? Taken::full : Taken::well;
}

void Processes::with(std::uint64_t process, std::function<void(Child&)> what) {
  const auto one = m_body->find(process);
  if (!one) return;
  m_body->loop.post([one, what = std::move(what)] {
    if (one->child) what(*one->child);
  });
}

void Processes::close_input(std::uint64_t process) {
  with(process, [](Child& child) { child.close_input(); });
}
void Processes::resume(std::uint64_t process, Outlet outlet) {
  with(process, [outlet](Child& child) { child.resume(outlet); });
}
void Processes::resize(std::uint64_t process, Child::Size size) {
  with(process, [size](Child& child) { child.resize(size); });
}
void Processes::signal(std::uint64_t process, int number) {
  with(process, [number](Child& child) { child.signal(number); });
}
void Processes::stop(std::uint64_t process, int number, std::chrono::milliseconds grace) {
  with(process, [number, grace](Child& child) { child.stop(number, grace); });
}

void Processes::look(std::uint64_t process) {
  with(process, [](Child& child) { child.look(); });
}

bool Processes::wait(std::uint64_t process) {
  const auto one = m_body->find(process);
  if (!one) return true;
  if (!one->beside || m_body->loop.here()) return false;
  std::unique_lock lock(m_body->mutex);
  m_body->changed.wait(lock, [&] { return m_body->all.count(process) == 0; });
  return true;
}

}  // namespace berth::loader
