// The newest are at the end. What one derives from stays said when that one goes: it is then what that one derived
// from.
#include "checkpoints.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "forked_worker.hpp"
#include "time_text.hpp"

namespace kernel {

using berth::Error;
using berth::Json;

namespace {

bool is_taken(const std::string& name) {
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  return name == "last" || (name.size() > 1 && name[0] == 'c' && std::all_of(name.begin() + 1, name.end(), digit));
}

}  // namespace

Checkpoints::Checkpoints(Loop& loop, const CheckpointOptions& options, Frozen::Look look, Gone gone)
    : m_loop(loop), m_options(options), m_look(std::move(look)), m_gone(std::move(gone)) {}

Checkpoints::~Checkpoints() {
  for (auto& one : std::exchange(m_all, {})) one.frozen->stop("the session has ended");
}

void Checkpoints::check_room(const Wish& wish) {
  if (is_taken(wish.name))
    throw Error(422, "bad_name", wish.name + " is how checkpoints are called by themselves", "choose another name");
  const auto same = [&wish](const Checkpoint& one) { return !wish.name.empty() && one.name == wish.name; };
  if (std::any_of(m_all.begin(), m_all.end(), same) || m_names_coming.count(wish.name) != 0)
    throw Error(409, "checkpoint_exists", "this session has a checkpoint of the name " + wish.name,
                "choose another name, or DELETE /checkpoints/" + wish.name);
  if (m_all.size() + m_coming < m_options.most) return;
  const auto oldest = oldest_automatic();
  if (oldest == m_all.end())
    throw Error(409, "too_many_checkpoints",
                "this session has " + std::to_string(m_options.most) + " checkpoints already",
                "DELETE /checkpoints/{checkpoint} ends one");
  forget(oldest);
}

std::shared_ptr<Task> Checkpoints::make(const std::shared_ptr<Kernel>& kernel, const Wish& wish, const Begun& begun,
                                        const Made& then) {
  if (kernel->engine() != "python")
    throw Error(422, "no_checkpoints", "a kernel of the engine " + kernel->engine() + " cannot be frozen",
                "only the engine python can");
  check_room(wish);
  const auto frozen = [weak = weak_from_this(), kernel, wish, begun, then](auto outcome, auto error) {
    const auto self = weak.lock();
    if (self) self->arrived(wish);
    if (!self) error = Error(410, "kernel_ended", "the session has ended");
    const std::string id = error ? "" : self->keep(kernel, wish, std::move(*outcome), then);
    if (begun) begun(id, error);
    if (error && then) then(nullptr, error);
  };
  const auto freezing = std::make_shared<Freezing>(wish.strict, wish.wait, frozen);
  ++m_coming;
  if (!wish.name.empty()) m_names_coming.insert(wish.name);
  kernel->run(freezing);
  return freezing;
}

void Checkpoints::arrived(const Wish& wish) {
  --m_coming;
  const auto name = m_names_coming.find(wish.name);
  if (name != m_names_coming.end()) m_names_coming.erase(name);
}

std::string Checkpoints::keep(const std::shared_ptr<Kernel>& kernel, const Wish& wish, Freezing::Outcome outcome,
                              const Made& then) {
  Checkpoint one{"c" + std::to_string(++m_last), wish.name, kernel->id(), kernel->checkpoint()};
  one.automatic = wish.automatic;
  one.cells = outcome.cells;
  one.line = kernel->line();
  one.made = std::chrono::system_clock::now();
  one.warnings = std::move(outcome.warnings);
  one.shell = wish.shell;
  one.frozen = std::make_shared<Frozen>(m_loop, kernel->about(), m_look);
  m_all.push_back(one);
  kernel->set_checkpoint(one.id);
  const auto ended = [weak = weak_from_this(), id = one.id](const Error&) {
    if (const auto self = weak.lock()) self->remove(id);
  };
  const auto begun = [weak = weak_from_this(), id = one.id, then](Frozen::Size size,
                                                                  const std::optional<Error>& error) {
    if (const auto self = weak.lock()) return self->proven(id, size, error, then);
    if (then) then(nullptr, Error(410, "kernel_ended", "the session has ended"));
  };
  one.frozen->begin(std::move(outcome.orders), begun, ended);
  return one.id;
}

void Checkpoints::proven(const std::string& id, Frozen::Size size, const std::optional<Error>& error,
                         const Made& then) {
  const auto one = at(id);
  if (error || one == m_all.end()) {
    if (then) then(nullptr, error ? error : Error(410, "checkpoint_gone", "somebody has ended the checkpoint"));
    return;
  }
  one->size = size;
  if (then) then(&*one, std::nullopt);
  make_room();
}

Checkpoints::At Checkpoints::oldest_automatic() {
  return std::find_if(m_all.begin(), m_all.end(), [](const Checkpoint& one) { return one.automatic; });
}

// Of those that nobody asked for: there are so many at most, and they hold so much at most.
void Checkpoints::make_room() {
  const auto automatic = [](const Checkpoint& one) { return one.automatic; };
  auto count = static_cast<std::size_t>(std::count_if(m_all.begin(), m_all.end(), automatic));
  for (; count > m_options.automatic; --count) forget(oldest_automatic());
  if (m_options.most_own == 0 || count < 2) return;
  measure([weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->spare_memory();
  });
}

void Checkpoints::spare_memory() {
  std::uint64_t own = 0;
  for (const auto& one : m_all) own += one.automatic ? one.size.own.value_or(0) : 0;
  for (auto oldest = oldest_automatic(); own > m_options.most_own && oldest != m_all.end();
       oldest = oldest_automatic()) {
    own -= oldest->size.own.value_or(0);
    forget(oldest);
  }
}

void Checkpoints::measure(const std::function<void()>& then) {
  const auto left = std::make_shared<std::size_t>(m_all.size() + 1);
  const auto counted = [left, then] {
    if (--*left == 0) then();
  };
  std::vector<std::pair<std::string, std::shared_ptr<Frozen>>> all;
  for (const auto& one : m_all) all.emplace_back(one.id, one.frozen);
  for (const auto& [id, frozen] : all)
    frozen->measure([weak = weak_from_this(), id = id, counted](std::optional<Frozen::Size> size) {
      const auto self = weak.lock();
      const auto one = self ? self->at(id) : At();
      if (self && size && one != self->m_all.end()) one->size = *size;
      counted();
    });
  counted();
}

Checkpoints::At Checkpoints::at(const std::string& id) {
  return std::find_if(m_all.begin(), m_all.end(), [&id](const Checkpoint& one) { return one.id == id; });
}

const Checkpoint& Checkpoints::find(const std::string& what, const std::string& kernel) const {
  const auto meant = [&](const Checkpoint& one) {
    return what == "last" ? one.kernel == kernel : one.id == what || one.name == what;
  };
  const auto found = std::find_if(m_all.rbegin(), m_all.rend(), meant);
  if (found != m_all.rend()) return *found;
  const std::string which =
      what == "last" ? "the kernel " + kernel + " has no checkpoint" : "this session has no checkpoint " + what;
  throw Error(404, "no_such_checkpoint", which, "GET /checkpoints lists them; 0 is the fresh namespace");
}

void Checkpoints::thaw(const Checkpoint& one, const Json& config, const Worker::Born& then) {
  ForkedWorker::make(m_loop, one.frozen, config, then);
}

void Checkpoints::remove(const std::string& id) {
  const auto one = at(id);
  if (one != m_all.end()) forget(one);
}

void Checkpoints::forget(At one) {
  const Checkpoint gone = std::move(*one);
  m_all.erase(one);
  for (auto& other : m_all)
    if (other.parent == gone.id) other.parent = gone.parent;
  m_gone(gone.id, gone.parent);
  gone.frozen->stop("it is not needed any more");
}

Json Checkpoints::list() const {
  Json all = Json::array();
  for (const auto& one : m_all) all.push_back(facts(one));
  for (auto& one : all) {
    one["children"] = Json::array();
    for (const auto& other : m_all)
      if (other.parent == one["checkpoint"]) one["children"].push_back(other.id);
  }
  return all;
}

Json Checkpoints::facts(const Checkpoint& one) {
  return {{"checkpoint", one.id},
          {"name", one.name.empty() ? Json() : Json(one.name)},
          {"kernel", one.kernel},
          {"parent", one.parent},
          {"automatic", one.automatic},
          {"cells", one.cells},
          {"time", time_text(one.made)},
          {"size", one.size.whole},
          {"own", one.size.own ? Json(*one.size.own) : Json()},
          {"warnings", one.warnings}};
}

}  // namespace kernel
