// A zygote that ends takes no worker with it; the next one is started when one is needed, but not again and again: each
// that dies before it was ready doubles the wait, and who asks meanwhile is told why.
#include "seat.hpp"

#include <algorithm>
#include <utility>

namespace kernel {

using namespace std::chrono_literals;
using berth::Error;
using berth::Json;

namespace {

constexpr auto first_wait = 500ms;
constexpr int most_doublings = 6;

}  // namespace

Seat::Seat(Loop& loop, const berth::Processes& processes, const SeatOptions& options, std::string session)
    : m_loop(loop), m_processes(processes), m_options(options), m_session(std::move(session)), m_later(loop) {}

Seat::~Seat() {
  for (auto& [id, kernel] : std::exchange(m_kernels, {})) kernel->close("the session has ended");
  m_spares.clear();
  if (m_zygote) m_zygote->stop("it is not needed any more");
}

std::shared_ptr<Kernel> Seat::kernel(const std::string& id) {
  const std::string name = id.empty() ? std::string(usual) : id;
  const auto at = m_kernels.find(name);
  if (at != m_kernels.end()) return at->second;
  if (name == usual) return make(name);
  throw Error(404, "no_such_kernel", "this session has no kernel " + name, "GET /kernels lists them");
}

std::shared_ptr<Kernel> Seat::make(const std::string& id) {
  const auto kernel =
      std::make_shared<Kernel>(m_loop, id, m_options.grace, [weak = weak_from_this()](Worker::Born then) {
        if (const auto self = weak.lock()) return self->acquire(then);
        then(nullptr, Error(410, "kernel_ended", "the session has ended"));
      });
  m_kernels[id] = kernel;
  return kernel;
}

std::shared_ptr<Kernel> Seat::add(const std::string& name) {
  if (m_kernels.size() >= most_kernels)
    throw Error(409, "too_many_kernels", "this session has " + std::to_string(most_kernels) + " kernels already",
                "DELETE /kernels/{kernel} ends one");
  if (m_kernels.count(name) != 0)
    throw Error(409, "kernel_exists", "this session has a kernel " + name, "choose another name, or reset that one");
  std::string id = name;
  while (id.empty() || m_kernels.count(id) != 0) id = "k" + std::to_string(++m_last);
  return make(id);
}

void Seat::remove(const std::string& id) {
  const auto gone = kernel(id);
  m_kernels.erase(gone->id());
  gone->close("somebody ended it");
}

Json Seat::list() const {
  Json all = Json::array();
  for (const auto& [id, kernel] : m_kernels) {
    Json facts = kernel->facts();
    facts["engine"] = "python";
    all.push_back(std::move(facts));
  }
  return all;
}

const Json& Seat::engine() const {
  static const Json nothing = Json::object();
  return m_zygote ? m_zygote->about() : nothing;
}

Json Seat::debug() const {
  const Json zygote = !m_zygote ? Json()
                                : Json{{"ready", m_zygote->ready()},
                                       {"over", m_zygote->over()},
                                       {"about", m_zygote->about()},
                                       {"printed", m_zygote->printed()}};
  return {{"session", m_session},
          {"python", m_options.engine.python},
          {"zygote", zygote},
          {"failures", m_failures},
          {"why", m_why ? Json(m_why->message()) : Json()},
          {"spares", m_spares.size()},
          {"spares_coming", m_coming}};
}

Json Seat::fork_config() const { return {{"figures", m_options.figures}, {"random", "new"}}; }

void Seat::ensure_zygote() {
  if (m_zygote && !m_zygote->over()) return;
  if (m_why && Clock::now() < m_not_before) throw *m_why;
  const auto next = std::make_shared<Zygote>(m_loop, m_options.engine, m_session);
  next->start(m_processes, [weak = weak_from_this(), zygote = next.get()](const Error& error) {
    const auto self = weak.lock();
    if (self && self->m_zygote.get() == zygote) self->zygote_ended(error);
  });
  m_zygote = next;
}

void Seat::zygote_ended(const Error& error) {
  const bool came_up = !m_zygote->about().is_null();
  m_failures = came_up ? 0 : std::min(m_failures + 1, most_doublings);
  if (came_up) return;
  m_not_before = Clock::now() + first_wait * (1 << m_failures);
  m_why = error;
}

void Seat::acquire(const Worker::Born& then) {
  while (!m_spares.empty()) {
    const auto spare = std::move(m_spares.back());
    m_spares.pop_back();
    if (spare->over()) continue;
    m_later.set(10ms, [this] { refill(); });
    return then(spare, std::nullopt);
  }
  make_worker(then, true);
}

// A zygote that was well and is gone, as is seen only now, is not the fault of whoever asks.
void Seat::make_worker(const Worker::Born& then, bool again) {
  try {
    ensure_zygote();
  } catch (const Error& error) {
    return then(nullptr, error);
  }
  Worker::make(m_loop, m_zygote, fork_config(),
               [weak = weak_from_this(), then, again, zygote = m_zygote](auto worker, const auto& error) {
                 const auto self = weak.lock();
                 if (self && worker) self->m_later.set(10ms, [seat = self.get()] { seat->refill(); });
                 const bool was_well = zygote->over() && !zygote->about().is_null();
                 if (self && !worker && again && was_well) return self->make_worker(then, false);
                 then(worker, error);
               });
}

void Seat::refill() {
  const auto over = [](const std::shared_ptr<Worker>& one) { return one->over(); };
  m_spares.erase(std::remove_if(m_spares.begin(), m_spares.end(), over), m_spares.end());
  if (!m_zygote || !m_zygote->ready() || m_spares.size() + m_coming >= m_options.spares) return;
  ++m_coming;
  Worker::make(m_loop, m_zygote, fork_config(), [weak = weak_from_this()](auto worker, const auto&) {
    const auto self = weak.lock();
    if (!self) return;
    --self->m_coming;
    if (!worker) return;  // the next one who needs a worker is told why
    self->m_spares.push_back(worker);
    self->refill();
  });
}

}  // namespace kernel
