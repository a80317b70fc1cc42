// Changes come one after the other: what is on disk is read on a pool thread, what is new arrives, and only what has
// arrived takes its place.
#include "loader/registry.hpp"

#include <algorithm>
#include <boost/asio/executor_work_guard.hpp>
#include <nlohmann/json.hpp>
#include <utility>

#include "loader/host_side.hpp"
#include "loader/process/scratch.hpp"
#include "service/text.hpp"

namespace berth::loader {

using service::Error;
using service::Level;
using service::Result;

std::string_view Registry::Entry::condition() const {
  if (instance.far) return name_of(instance.far->keeper().state());
  switch (state) {
    case State::ready: return "ready";
    case State::failed: return "failed";
    case State::disabled: return "disabled";
  }
  return "failed";
}

std::string Registry::Entry::why() const {
  if (instance.far && instance.far->keeper().state() != Keeper::State::ready)
    return instance.far->keeper().reason().message;
  return reason;
}

Registry::Registry(Surroundings around, Keeper::Around far_around, std::string copies, Adopt adopt,
                   const HostServices* services)
    : m_around{around.loop, around.pool, around.log, std::make_shared<LeftSides>()},
      m_far_around(std::move(far_around)),
      m_copies(std::move(copies)),
      m_adopt(std::move(adopt)),
      m_services(services),
      m_departures(m_around, m_far_around.loop) {}

// ---- one change after the other

void Registry::change(Done dropped, std::function<void(Next)> what) {
  if (m_ending) return drop(dropped);
  m_changes.push_back({std::move(what), std::move(dropped)});
  if (!m_changing) next_change();
}

void Registry::next_change() {
  m_changing = !m_changes.empty();
  if (!m_changing) return;
  const auto what = std::move(m_changes.front().what);
  m_changes.pop_front();
  what([this] {
    tidy();
    next_change();
  });
}

void Registry::load(Choice choice) {
  if (m_services && !m_services->folder.empty()) sweep_scratch(m_services->folder);
  bool done = false;
  sync(std::make_shared<const Choice>(std::move(choice)), [&done] { done = true; });
  turn_until([&done] { return done; });
}

void Registry::sync(std::shared_ptr<const Choice> choice, std::function<void()> done) {
  change({}, [this, choice = std::move(choice), done = std::move(done)](const Next& next) {
    m_choice = choice;
    m_departures.limit(choice->leave_time);
    aside([choice] { return survey(*choice); },
          [this, done, next](std::vector<Candidate> seen) {
            settle(std::move(seen), [done, next] {
              if (done) done();
              next();
            });
          });
  });
}

struct Registry::Batch {
  std::vector<std::pair<Candidate, std::optional<Result<Arrival::Arrived>>>> all;  // as they are taken in
  std::size_t waiting = 0;
};

// Those that arrive do so at the same time; they are taken in by name, the host's own first: of two that clash it is
// always the same one that stays out, and no stranger keeps one of those out.
void Registry::settle(std::vector<Candidate> seen, const Next& next) {
  let_go_of_missing(seen);
  std::stable_partition(seen.begin(), seen.end(), [](const Candidate& one) { return one.found.first_party; });
  const auto batch = std::make_shared<Batch>();
  for (auto& candidate : seen) {
    if (is_to_arrive(candidate)) batch->all.emplace_back(std::move(candidate), std::nullopt);
  }
  batch->waiting = batch->all.size();
  if (batch->waiting == 0) return next();
  for (std::size_t i = 0; i < batch->all.size(); ++i) {
    Arrival::begin(arrival_around(), batch->all[i].first, [this, batch, i, next](Result<Arrival::Arrived> arrived) {
      batch->all[i].second.emplace(std::move(arrived));
      if (--batch->waiting > 0) return;
      for (auto& [candidate, result] : batch->all) take_in(candidate, std::move(*result));
      next();
    });
  }
}

// Whether it is another than the one that runs, or none does. What shall not run any more stops here.
bool Registry::is_to_arrive(Candidate& candidate) {
  Entry& entry = entry_of(candidate);
  refuse_namesakes(entry, candidate);
  if (entry.unloaded) return false;
  if (candidate.shut_out) {
    shut_out(entry, State::disabled, *candidate.shut_out);
    return false;
  }
  const bool runs = entry.instance.provider != nullptr;
  if (runs && candidate.found.gone) {
    let_go(candidate);
    return false;
  }
  if (runs && candidate.found.manifest && candidate.bad) {  // trusted no more
    shut_out(entry, State::failed, candidate.bad->message);
    return false;
  }
  candidate.on_trial = runs;
  if (!runs || entry.manifest_text != candidate.found.manifest_text || entry.file != candidate.found.library_file)
    return true;
  entry.signature = candidate.signature;
  return !same(entry.wish, candidate.wish);
}

void Registry::let_go_of_missing(const std::vector<Candidate>& seen) {
  for (auto at = m_entries.begin(); at != m_entries.end();) {
    const auto next = std::next(at);
    const auto there = [&](const Candidate& one) { return one.found.name == at->first; };
    if (std::none_of(seen.begin(), seen.end(), there)) {
      replace(at->second, {});
      m_around.log.write(Level::info, "loader", "a plugin is gone", {{"plugin", at->first}});
      announce("gone", at->first);
      m_entries.erase(at);
    }
    at = next;
  }
}

// One that berth.lua still names is told of as one that could not be loaded.
void Registry::let_go(const Candidate& gone) {
  const std::string& name = gone.found.name;
  replace(m_entries.at(name), {});
  Entry& entry = entry_of(gone);
  entry.state = State::failed;
  entry.reason = gone.bad->message;
  m_around.log.write(Level::info, "loader", "a plugin is gone", {{"plugin", name}, {"reason", entry.reason}});
  announce("gone", name);
}

// Said once of each file, and again if it had gone meanwhile.
void Registry::refuse_namesakes(Entry& entry, const Candidate& candidate) {
  const auto before = std::exchange(entry.namesakes, candidate.found.namesakes);
  for (const auto& file : entry.namesakes) {
    if (std::find(before.begin(), before.end(), file) != before.end()) continue;
    const Error why = name_is_taken(entry.name, file);
    m_around.log.write(Level::error, "loader", "a plugin was not loaded",
                       {{"plugin", entry.name}, {"reason", why.message}, {"hint", why.hint}});
    announce("failed", entry.name, why.message);
  }
}

// ---- coming and going

Registry::Entry& Registry::entry_of(const Candidate& candidate) {
  const auto [at, fresh] = m_entries.try_emplace(candidate.found.name);
  Entry& entry = at->second;
  if (fresh) entry.name = candidate.found.name;
  if (entry.instance.provider) return entry;  // which is told of by what runs
  entry.file = candidate.found.library_file;
  entry.first_party = candidate.found.first_party;
  entry.wish = candidate.wish;
  entry.signature = candidate.signature;
  entry.manifest.reset();
  if (candidate.found.manifest) entry.manifest = *candidate.found.manifest;
  return entry;
}

std::optional<Error> Registry::take_in(const Candidate& candidate, Result<Arrival::Arrived> arrived) {
  if (!arrived) return note_failure(candidate, arrived.error());
  Entry& entry = entry_of(candidate);
  const bool anew = entry.instance.provider != nullptr;
  if (auto clash = replace(entry, arrived->instance)) {
    m_departures.add(std::move(arrived->instance));
    return note_failure(candidate, *clash);
  }
  entry.file = candidate.found.library_file;
  entry.first_party = candidate.found.first_party;
  entry.signature = candidate.signature;
  entry.manifest = *candidate.found.manifest;
  entry.manifest_text = candidate.found.manifest_text;
  entry.wish = candidate.wish;
  entry.copy = arrived->copy;
  entry.services = std::move(arrived->outfit.services);
  entry.rights = std::move(arrived->outfit.rights);
  entry.secret_names = std::move(arrived->outfit.secret_names);
  entry.desk = entry.instance.desk = std::move(arrived->outfit.desk);
  entry.state = State::ready;
  entry.reason.clear();
  m_around.log.write(Level::info, "loader", anew ? "a plugin was reloaded" : "a plugin was loaded",
                     {{"plugin", entry.name}, {"version", entry.manifest->version}});
  announce(anew ? "reloaded" : "loaded", entry.name);
  return std::nullopt;
}

std::optional<Error> Registry::note_failure(const Candidate& candidate, const Error& why) {
  Entry& entry = entry_of(candidate);
  const bool runs = entry.instance.provider != nullptr;
  announce("failed", entry.name, why.message);
  m_around.log.write(Level::error, "loader", runs ? "a plugin stays as it was" : "a plugin was not loaded",
                     {{"plugin", entry.name}, {"reason", why.message}, {"hint", why.hint}});
  if (runs) return Error{409, "not_reloaded", entry.name + " stays as it was: " + why.message, why.hint};
  entry.state = State::failed;
  entry.reason = why.message;
  return Error{409, "not_loaded", entry.name + " is not loaded: " + why.message, why.hint};
}

// The operations of `instance` in place of those that the entry had; what had them leaves once it may.
std::optional<Error> Registry::replace(Entry& entry, Instance instance) {
  Providers all;
  for (const auto& [name, one] : m_entries) {
    const auto& provider = &one == &entry ? instance.provider : one.instance.provider;
    if (provider) all.push_back(provider);
  }
  if (auto clash = m_adopt(all)) return clash;
  m_departures.add(std::exchange(entry.instance, std::move(instance)));
  return std::nullopt;
}

void Registry::shut_out(Entry& entry, State state, std::string why) {
  if (entry.instance.provider) {
    replace(entry, {});
    announce("unloaded", entry.name);
  }
  entry.state = state;
  entry.reason = std::move(why);
}

// Copies of libraries that nobody can need any more.
void Registry::tidy() {
  std::set<std::string> used;
  for (const auto& [name, entry] : m_entries) {
    if (entry.instance.provider) used.insert(entry.copy);
  }
  m_copies.remove_others(used);
}

void Registry::announce(std::string_view what, const std::string& plugin, const std::string& why) const {
  if (m_far_around.heard) m_far_around.heard(what, plugin, why);
}

// ---- the end, and what all have in common

// Every start and every end has its deadline, so this comes to one.
void Registry::turn_until(const std::function<bool()>& done) {
  auto& context = m_far_around.loop.context();
  context.restart();
  {
    const auto work = boost::asio::make_work_guard(context);  // or it stops while only other threads have some
    while (!done()) context.run_one_for(std::chrono::milliseconds(100));
  }
  context.restart();
}

std::chrono::milliseconds Registry::longest_end() const {
  std::chrono::milliseconds longest{0};
  for (const auto& [name, entry] : m_entries) {
    if (entry.instance.far) longest = std::max(longest, entry.instance.far->keeper().rules().end_time);
  }
  return longest;
}

void Registry::end() {
  m_ending = true;  // what is under way ends first, and no more begins: it would bring plugins back
  for (const auto& one : std::exchange(m_changes, {})) drop(one.dropped);
  turn_until([this] { return !m_changing; });
  for (auto& [name, entry] : m_entries) m_departures.add(std::exchange(entry.instance, {}));
  std::size_t running = 0;
  m_departures.end(running);
  turn_until([&running] { return running == 0; });
  for (const auto& [name, entry] : m_entries) {
    if (entry.desk) entry.desk->reset("the host ends");
  }
}

void Registry::clear() { m_departures.clear(); }

void Registry::outlive(std::unique_ptr<service::Log>& log) { m_around.left->outlive(log); }

}  // namespace berth::loader
