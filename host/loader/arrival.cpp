// Steps that may take a while run on a pool thread; between them everything happens on the I/O thread.
#include "loader/arrival.hpp"

#include <nlohmann/json.hpp>
#include <utility>

#include "service/text.hpp"

namespace berth::loader {

using service::Error;
using service::Result;

void Arrival::begin(const Around& around, Candidate candidate, Done done) {
  const auto arrival = std::make_shared<Arrival>(around, std::move(candidate), std::move(done));
  around.near.loop.post([arrival] { arrival->admit(); });
}

Arrival::Arrival(const Around& around, Candidate candidate, Done done)
    : m_around(around),
      m_candidate(std::move(candidate)),
      m_done(std::move(done)),
      m_deadline(around.far.loop.context()) {}

// `work` on a pool thread, then `then` with what it returned, on the I/O thread.
template <class Work, class Then>
void Arrival::aside(Work work, Then then) {
  const auto self = shared_from_this();
  const bool taken = m_around.near.pool.run([self, work, then] {
    auto result = std::make_shared<decltype(work())>(work());
    self->m_around.near.loop.post([self, result = std::move(result), then] { then(std::move(*result)); });
  });
  if (!taken) end(Error{503, "busy", "too much work waits for a thread", "try again in a moment"});
}

// Called again, if something comes of it after it was given up.
void Arrival::end(std::optional<Error> failed) {
  m_deadline.cancel();
  const auto done = std::exchange(m_done, nullptr);
  if (!failed && done) return done(std::move(m_arrived));
  if (m_trial) {
    m_trial->give_up();
    m_arrived.instance.provider->cancel(std::exchange(m_trial, nullptr));
  }
  if (m_arrived.instance.provider) m_around.departures.add(std::exchange(m_arrived.instance, {}));
  if (done) done(std::move(*failed));
}

void Arrival::admit() {
  if (m_candidate.bad) return end(m_candidate.bad);
  aside(
      [this]() -> std::optional<Error> {
        auto copy = m_around.copies.copy(m_candidate.found);
        if (!copy) return copy.error();
        auto outfit = fit_out(m_candidate, m_around.services);
        if (!outfit) return outfit.error();
        m_arrived.copy = std::move(*copy);
        m_arrived.outfit = std::move(*outfit);
        return std::nullopt;
      },
      [this](std::optional<Error> failed) { failed ? end(std::move(failed)) : create(); });
}

// The same plugin, with the copy that was checked in place of its library.
void Arrival::create() {
  Found checked = m_candidate.found;
  checked.library_file = m_arrived.copy;
  const bool asks = checked.manifest && checked.manifest->own_process;
  if (runs_apart(m_candidate.wish, checked.first_party, asks))
    create_far(checked);
  else
    create_near(checked);
}

void Arrival::create_near(const Found& checked) {
  give_up_later("it was not created");
  aside(
      [this, checked] {
        const Outfit& lent = m_arrived.outfit;
        return Plugin::load(
            checked, m_candidate.wish.config, m_around.near,
            {lent.services, lent.desk, lent.secrets, lent.state_folder, &m_around.far.loop, m_candidate.wish.files});
      },
      [this](Result<std::shared_ptr<Plugin>> plugin) {
        if (!plugin) return created(plugin.error());
        created(Instance{std::move(*plugin), nullptr});
      });
}

void Arrival::create_far(const Found& checked) {
  const Outfit& lent = m_arrived.outfit;
  Keeper::Given given{m_candidate.wish.config.dump(), lent.services, lent.state_folder, lent.secrets,
                      m_candidate.wish.files};
  const auto far =
      std::make_shared<FarPlugin>(checked, std::move(given), m_candidate.wish.process, m_around.far, lent.desk);
  // Later, since it may be the plugin itself that tells, and it may go.
  far->start([self = shared_from_this(), far](std::optional<Error> failed) {
    self->m_around.near.loop.post([self, far, failed = std::move(failed)] {
      if (failed) return self->created(*failed);
      self->created(Instance{far, far});
    });
  });
}

void Arrival::created(Result<Instance> instance) {
  m_deadline.cancel();
  if (!instance) return end(instance.error());
  m_arrived.instance = std::move(*instance);
  if (!m_done || !m_candidate.on_trial) return end();
  if (const auto ailment = m_arrived.instance.provider->ailment())
    return end(Error{503, "ailing", m_candidate.found.name + " is not well: " + *ailment});
  try_next();
}

void Arrival::try_next() {
  const auto& operations = m_arrived.instance.provider->manifest().operations;
  while (m_next < operations.size() && operations[m_next].smoke.is_null()) ++m_next;
  if (m_next == operations.size()) return end();
  const Operation& operation = operations[m_next];
  give_up_later("it did not answer its smoke call");
  auto asker = std::make_shared<session::Asker>();
  asker->who = {"berth", operation.scope, std::nullopt};
  asker->request_id = "smoke-" + service::hex(service::random_bytes(8));
  Request request;
  request.operation = static_cast<std::uint32_t>(m_next++);
  request.input = operation.smoke.dump();
  request.asker = std::move(asker);
  m_trial = std::make_shared<Trial>(
      m_around.near.loop, std::move(request),
      [self = shared_from_this(), &operation](const auto& failed) { self->tried(operation, failed); });
  m_arrived.instance.provider->invoke(m_trial);
}

void Arrival::tried(const Operation& operation, const std::optional<Error>& failed) {
  m_deadline.cancel();
  m_trial.reset();
  if (!m_done) return;
  if (!failed) return try_next();
  end(Error{failed->status, "smoke", operation.name + " failed its smoke call: " + failed->message, failed->hint});
}

void Arrival::give_up_later(const char* what) {
  m_deadline.expires_after(m_candidate.wish.process.start_time);
  m_deadline.async_wait([self = shared_from_this(), what](const boost::system::error_code& failed) {
    if (failed) return;
    const auto time = self->m_candidate.wish.process.start_time.count();
    self->end(
        Error{504, "too_slow", self->m_candidate.found.name + ": " + what + " within " + std::to_string(time) + " ms"});
  });
}

}  // namespace berth::loader
