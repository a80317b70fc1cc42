// What an operator wants: that one plugin is reloaded, unloaded, or started again; and what is said if the host ends
// first.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "loader/registry.hpp"
#include "service/text.hpp"

namespace berth::loader {

using service::Error;
using service::Level;
using service::Result;

void Registry::reload(const std::string& name, const Done& done) {
  change(done, [this, name, done](const Next& next) {
    const auto through = [done, next](std::optional<Error> failed) {
      next();
      done(std::move(failed));
    };
    aside([choice = m_choice, name] { return survey_one(*choice, name); },
          [this, name, through](std::optional<Candidate> found) {
            if (!found) return through(nothing_to_load(name));
            arrive(std::move(*found), through);
          });
  });
}

Error Registry::nothing_to_load(const std::string& name) const {
  const auto at = m_entries.find(name);
  if (at == m_entries.end() || !at->second.instance.provider) return unknown(name);
  return {409, "not_reloaded", name + " stays as it was: its files are gone, " + at->second.file,
          "put them back; or berth plugin unload " + name + " takes it out"};
}

void Registry::arrive(Candidate candidate, Done done) {
  Entry& entry = entry_of(candidate);
  refuse_namesakes(entry, candidate);
  entry.unloaded = false;
  if (candidate.shut_out) {
    shut_out(entry, State::disabled, *candidate.shut_out);
    return done(Error{409, "disabled", entry.name + " is disabled: " + entry.reason});
  }
  candidate.on_trial = entry.instance.provider != nullptr;
  const auto shared = std::make_shared<const Candidate>(std::move(candidate));
  Arrival::begin(arrival_around(), *shared, [this, shared, done = std::move(done)](Result<Arrival::Arrived> arrived) {
    done(take_in(*shared, std::move(arrived)));
  });
}

namespace {

// "2 calls: …, …", or nothing.
std::string counted(const char* what, const std::vector<std::string>& all) {
  constexpr std::size_t most = 5;
  if (all.empty()) return {};
  std::string words = std::to_string(all.size()) + " " + what + (all.size() == 1 ? ": " : "s: ");
  for (std::size_t i = 0; i < std::min(most, all.size()); ++i) words += (i == 0 ? "" : ", ") + all[i];
  if (all.size() > most) words += " and " + std::to_string(all.size() - most) + " more";
  return words;
}

// The calls and the jobs that it has not ended; empty: none.
std::string holders(const Instance& instance) {
  const Manifest& manifest = instance.provider->manifest();
  std::vector<std::string> calls, jobs;
  for (const auto& call : instance.provider->open()) {
    const Request& request = call->request();
    calls.push_back(manifest.operations[request.operation].name + " of " + request.asker->who.name + " (request " +
                    request.asker->request_id + ")");
  }
  if (instance.desk) {
    for (const auto& job : instance.desk->jobs())
      jobs.push_back(job.operation + " of " + job.caller + " (job " + job.id + ")");
  }
  const std::string of_calls = counted("call", calls), of_jobs = counted("job", jobs);
  return of_calls + (of_calls.empty() || of_jobs.empty() ? "" : "; and ") + of_jobs;
}

}  // namespace

void Registry::unload(const std::string& name, bool let_end, const Done& done) {
  change(done, [this, name, let_end, done](const Next& next) {
    const auto through = [&](std::optional<Error> failed) {
      next();
      done(std::move(failed));
    };
    const auto at = m_entries.find(name);
    if (at == m_entries.end()) return through(unknown(name));
    Entry& entry = at->second;
    if (!entry.instance.provider)
      return through(Error{409, "not_loaded", name + " is " + std::string(entry.condition()) + ", and not loaded"});
    const std::string held_by = holders(entry.instance);
    if (!held_by.empty() && !let_end)
      return through(
          Error{409, "in_use", name + " is held by " + held_by,
                "wait for them; or, with let_end (--let-end), it takes no new ones and goes when these have ended"});
    shut_out(entry, State::disabled, "unloaded by an operator; berth plugin reload " + name + " loads it again");
    entry.unloaded = true;
    m_around.log.write(Level::info, "loader", "a plugin was unloaded", {{"plugin", name}});
    through(std::nullopt);
  });
}

std::optional<Error> Registry::enable(const std::string& name) {
  const auto at = m_entries.find(name);
  if (at == m_entries.end()) return unknown(name);
  const Entry& entry = at->second;
  if (!entry.instance.far || entry.instance.far->keeper().state() != Keeper::State::stopped)
    return Error{409, "not_stopped",
                 name + " is " + std::string(entry.condition()) + ", and not stopped after too many deaths",
                 "berth plugin reload " + name + " loads it, or loads it anew"};
  entry.instance.far->keeper().enable();
  return std::nullopt;
}

void Registry::limit(std::uint64_t stream_buffer) {
  for (auto& [name, entry] : m_entries) {
    if (entry.instance.far) entry.instance.far->limit(stream_buffer);
  }
}

void Registry::drop(const Done& dropped) {
  if (dropped)
    dropped(Error{503, "draining", "this host is shutting down", "try again; another one may have taken its place"});
}

Error Registry::unknown(const std::string& name) const {
  std::vector<std::string> names;
  for (const auto& [known, entry] : m_entries) names.push_back(known);
  const auto near = service::near_names(name, names);
  return Error{
      404, "not_found", "there is no plugin " + name,
      near.empty() || near.front() == name ? "GET /plugins lists what there is" : "did you mean " + near.front() + "?"};
}

}  // namespace berth::loader
