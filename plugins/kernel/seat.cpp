// A zygote that ends takes no worker with it; the next one is started when one is needed.
#include "seat.hpp"

#include <algorithm>
#include <utility>

#include "cryo.hpp"
#include "foreign/foreign_worker.hpp"
#include "forked_worker.hpp"

namespace kernel {

using namespace std::chrono_literals;
using berth::Error;
using berth::Json;

namespace {

std::string engines_there_are(const SeatOptions& options) {
  if (options.any_engine)
    return "the engines are python and jupyter:NAME, with the name of a kernelspec, as in jupyter:python3";
  std::string all = "the engines are python";
  for (const auto& one : options.engines) all += ", " + one;
  return all + ": plugin \"kernel\" { config = { engines = … } } says so";
}

// Which namespace it is, and how far.
std::pair<std::uint64_t, std::int64_t> state_of(const Kernel& kernel) { return {kernel.restarts(), kernel.count()}; }

}  // namespace

Seat::Seat(Loop& loop, const berth::Processes& processes, const SeatOptions& options, std::string session)
    : m_loop(loop),
      m_processes(processes),
      m_options(options),
      m_session(std::move(session)),
      m_later(loop),
      m_keeping(loop) {}

Seat::~Seat() {
  for (auto& [id, kernel] : std::exchange(m_kernels, {})) kernel->close("the session has ended");
  m_spares.clear();
  m_checkpoints.reset();
  if (m_options.health) m_options.health->forget(m_session);
  if (m_zygote) m_zygote->stop("it is not needed any more");
}

std::shared_ptr<Kernel> Seat::kernel(const std::string& id) {
  const std::string name = id.empty() ? std::string(usual) : id;
  const auto at = m_kernels.find(name);
  if (at != m_kernels.end()) return at->second;
  if (name == usual) return make(name, m_options.usual_engine);
  throw Error(404, "no_such_kernel", "this session has no kernel " + name, "GET /kernels lists them");
}

std::shared_ptr<Kernel> Seat::make(const std::string& id, const std::string& engine) {
  const auto acquire = [weak = weak_from_this(), engine](const Worker::Born& then) -> Worker::GiveUp {
    if (const auto self = weak.lock()) return self->acquire(engine, then);
    then(nullptr, Error(410, "kernel_ended", "the session has ended"));
    return {};
  };
  const auto kernel = std::make_shared<Kernel>(m_loop, id, engine, m_options.grace, acquire);
  kernel->remember_in(m_history);
  if (engine == python && m_options.kept) kernel->tell_first(m_options.kept->news(m_session, id));
  keep_later();
  m_kernels[id] = kernel;
  return kernel;
}

void Seat::check(const SeatOptions& options, const std::string& engine) {
  if (engine == python) return;
  if (engine.rfind(foreign, 0) != 0)
    throw Error(422, "no_such_engine", "there is no engine " + engine, engines_there_are(options));
  const auto& allowed = options.engines;
  if (options.any_engine || std::find(allowed.begin(), allowed.end(), engine) != allowed.end()) return;
  throw Error(422, "no_such_engine", "the engine " + engine + " is not allowed here", engines_there_are(options));
}

std::shared_ptr<Kernel> Seat::add(const std::string& name, const std::string& engine) {
  check(m_options, engine);
  if (m_kernels.size() >= most_kernels)
    throw Error(409, "too_many_kernels", "this session has " + std::to_string(most_kernels) + " kernels already",
                "DELETE /kernels/{kernel} ends one");
  if (m_kernels.count(name) != 0)
    throw Error(409, "kernel_exists", "this session has a kernel " + name, "choose another name, or reset that one");
  std::string id = name;
  while (id.empty() || m_kernels.count(id) != 0) id = "k" + std::to_string(++m_last);
  return make(id, engine);
}

void Seat::remove(const std::string& id) {
  const auto gone = kernel(id);
  m_kernels.erase(gone->id());
  m_written.erase(gone->id());
  if (m_options.kept) m_options.kept->forget(m_session, gone->id());
  gone->close("somebody ended it");
}

Json Seat::list() const {
  Json all = Json::array();
  for (const auto& [id, kernel] : m_kernels) all.push_back(kernel->facts());
  return all;
}

void Seat::forget(const Kernel& one) {
  const auto at = m_kernels.find(one.id());
  if (at != m_kernels.end() && at->second.get() == &one) remove(one.id());
}

Json Seat::engine(const std::string& id) const {
  const auto at = m_kernels.find(id);
  if (at != m_kernels.end() && at->second->engine() != python) return at->second->about();
  return m_zygote ? m_zygote->about() : Json::object();
}

Json Seat::debug() const {
  const Json zygote = !m_zygote ? Json()
                                : Json{{"ready", m_zygote->ready()},
                                       {"over", m_zygote->over()},
                                       {"about", m_zygote->about()},
                                       {"printed", m_zygote->printed()}};
  return {{"session", m_session},     {"python", m_options.engine.python},
          {"zygote", zygote},         {"failures", m_backoff.failures()},
          {"why", m_backoff.why()},   {"spares", m_spares.size()},
          {"spares_coming", m_coming}};
}

Json Seat::fork_config(const std::string& random) const { return {{"figures", m_options.figures}, {"random", random}}; }

Checkpoints& Seat::checkpoints() {
  if (!m_checkpoints)
    m_checkpoints = std::make_shared<Checkpoints>(
        m_loop, m_options.checkpoints,
        [weak = weak_from_this()](Forker::Looked then) {
          const auto self = weak.lock();
          self && self->m_zygote ? self->m_zygote->look(std::move(then)) : then(std::nullopt);
        },
        [weak = weak_from_this()](const std::string& id, const std::string& parent) {
          if (const auto self = weak.lock()) self->rebase(id, parent);
        });
  return *m_checkpoints;
}

// One timer for all, whatever kernels come meanwhile.
void Seat::keep_later() {
  if (!m_options.kept || m_options.kept->every().count() == 0 || std::exchange(m_keeps, true)) return;
  m_keeping.set(m_options.kept->every(), [this] {
    m_keeps = false;
    keep_all();
  });
}

void Seat::keep_all() {
  for (const auto& [id, kernel] : m_kernels)
    if (kernel->engine() == python && kernel->idle() && kernel->count() > 0 && m_written[id] != state_of(*kernel))
      keep(kernel);
  keep_later();
}

// What cannot be written is tried again when it is another.
void Seat::keep(const std::shared_ptr<Kernel>& kernel) {
  m_written[kernel->id()] = state_of(*kernel);
  const auto then = [weak = weak_from_this(), kernel](const Json&, const std::optional<Error>& error) {
    const auto self = weak.lock();
    if (!self) return;
    if (error) return self->m_options.kept->failed(self->m_session, kernel->id(), *error);
    self->m_options.kept->wrote(self->m_session, kernel->id(), kernel->count());
  };
  const Json request{{"request", "store"}, {"path", Cryo::place_of(Kept::path_of(kernel->id()))}};
  kernel->run(std::make_shared<Cryo>(request, Task::Stake::keeps, 60s, then));
}

void Seat::rebase(const std::string& gone, const std::string& parent) {
  for (const auto& [id, kernel] : m_kernels)
    if (kernel->checkpoint() == gone) kernel->set_checkpoint(parent);
}

void Seat::ensure_zygote() {
  if (m_zygote && !m_zygote->over()) return;
  m_backoff.check();
  const auto next = std::make_shared<Zygote>(m_loop, m_options.engine, m_session);
  next->start(m_processes, [weak = weak_from_this(), zygote = next.get()](const Error& error) {
    const auto self = weak.lock();
    if (self && self->m_zygote.get() == zygote) self->zygote_ended(error);
  });
  m_zygote = next;
}

void Seat::zygote_ended(const Error& error) {
  if (m_zygote->was_well()) return m_backoff.well();
  m_backoff.failed(error);
  tell_health(std::string(python), &error);
}

// Of what every session has: whoever names another kernelspec has only himself to ask.
void Seat::tell_health(const std::string& engine, const Error* error) const {
  if (!m_options.health || engine != m_options.usual_engine) return;
  error ? m_options.health->down(m_session, error->message()) : m_options.health->up(m_session);
}

Worker::GiveUp Seat::acquire(const std::string& engine, const Worker::Born& then) {
  if (engine != python) return acquire_foreign(engine.substr(foreign.size()), then);
  acquire_forked(then);
  return {};
}

// Whoever names a kernelspec that is not there has only to name another.
Worker::GiveUp Seat::acquire_foreign(const std::string& kernelspec, const Worker::Born& then) {
  try {
    if (const auto at = m_foreign_backoff.find(kernelspec); at != m_foreign_backoff.end()) at->second.check();
  } catch (const Error& error) {
    then(nullptr, error);
    return {};
  }
  const auto born = [weak = weak_from_this(), kernelspec, then](auto worker, const auto& error) {
    const auto self = weak.lock();
    if (self && worker) self->m_foreign_backoff.erase(kernelspec);
    if (self && worker) self->tell_health(std::string(foreign) + kernelspec, nullptr);
    if (self && error && error->status() == 503) self->foreign_failed(kernelspec, *error);
    then(worker, error);
  };
  return foreign::ForeignWorker::make(m_loop, m_processes, {m_options.engine.python, kernelspec, m_options.kernelspecs},
                                      m_session, born);
}

// The agent makes as many kernelspecs as it likes: they must not be remembered for ever.
void Seat::foreign_failed(const std::string& kernelspec, const Error& why) {
  if (m_foreign_backoff.size() >= most_failed && m_foreign_backoff.count(kernelspec) == 0) m_foreign_backoff.clear();
  m_foreign_backoff[kernelspec].failed(why);
  tell_health(std::string(foreign) + kernelspec, &why);
}

void Seat::acquire_forked(const Worker::Born& then) {
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
  ForkedWorker::make(m_loop, m_zygote, fork_config("new"),
                     [weak = weak_from_this(), then, again, zygote = m_zygote](auto worker, const auto& error) {
                       const auto self = weak.lock();
                       if (self && worker) self->m_later.set(10ms, [seat = self.get()] { seat->refill(); });
                       if (self && worker) self->tell_health(std::string(python), nullptr);
                       const bool was_well = zygote->over() && zygote->was_well();
                       if (self && !worker && again && was_well) return self->make_worker(then, false);
                       then(worker, error);
                     });
}

void Seat::refill() {
  const auto over = [](const std::shared_ptr<Worker>& one) { return one->over(); };
  m_spares.erase(std::remove_if(m_spares.begin(), m_spares.end(), over), m_spares.end());
  if (!m_zygote || !m_zygote->ready() || m_spares.size() + m_coming >= m_options.spares) return;
  ++m_coming;
  ForkedWorker::make(m_loop, m_zygote, fork_config("new"), [weak = weak_from_this()](auto worker, const auto&) {
    const auto self = weak.lock();
    if (!self) return;
    --self->m_coming;
    if (!worker) return;  // the next one who needs a worker is told why
    self->m_spares.push_back(worker);
    self->refill();
  });
}

}  // namespace kernel
