// All plugins of one host: which were found, which run and where, and why the others do not. They come, go and are
// replaced while the host runs, one change after the other. Everything on the I/O thread.
#pragma once

#include <chrono>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "loader/arrival.hpp"
#include "loader/departures.hpp"
#include "loader/finder.hpp"
#include "loader/library_copy.hpp"
#include "loader/plugin.hpp"
#include "loader/survey.hpp"

namespace berth::loader {

class Registry {
 public:
  enum class State { ready, failed, disabled };
  struct Entry {
    std::string name, file;
    State state = State::failed;
    std::string reason = {};                          // of failed and disabled
    std::optional<Manifest> manifest = std::nullopt;  // if it could be read
    bool first_party = false;                         // found in the host's own folder
    Instance instance = {};                           // if ready
    Signature signature = {};
    std::string manifest_text = {}, copy = {};  // what was loaded, and from where
    std::set<std::string> services = {};        // that it is lent, by id
    Rights rights = {};                         // of its calls
    std::vector<std::string> secret_names = {};
    std::shared_ptr<HostDesk> desk = {};
    Wish wish = {};
    bool unloaded = false;                    // by an operator
    std::vector<std::string> namesakes = {};  // strangers' files that were refused, as its name is the host's own

    std::string_view condition() const;  // in a word: "ready", "restarting", …
    std::string why() const;             // it is not ready, or empty
    bool apart() const {
      if (instance.provider) return instance.far != nullptr;
      return runs_apart(wish, first_party, manifest && manifest->own_process);
    }
  };
  using Providers = std::vector<std::shared_ptr<Provider>>;
  // Puts the operations of these, and of no others, where calls find them; or says why that cannot be.
  using Adopt = std::function<std::optional<service::Error>(const Providers&)>;
  using Done = std::function<void(std::optional<service::Error>)>;

  // `copies` is the folder for the libraries that are loaded. Without `services` plugins have a log and their
  // configuration.
  Registry(Surroundings around, Keeper::Around far_around, std::string copies, Adopt adopt,
           const HostServices* services = nullptr);

  // Loads what is found and wished, and waits for it. One that fails is noted and logged; the others do not suffer.
  // Before the loop runs.
  void load(Choice choice);
  void end();    // the same at the end: no process stays behind
  void clear();  // and after that, when the pool has ended: no plugin in this process either
  void outlive(std::unique_ptr<service::Log>& log);  // at last: see LeftSides

  // What is there now, and what this configuration says of it, in place of what was: what has changed comes, goes and
  // is replaced. What fails leaves things as they were, and is logged.
  void sync(std::shared_ptr<const Choice> choice, std::function<void()> done = {});
  // From disk again, or for the first time.
  void reload(const std::string& name, const Done& done);
  // Its operations are gone. Refused while calls or jobs hold it, unless they may end in their own time.
  void unload(const std::string& name, bool let_end, const Done& done);
  // Lets one that died too often start again.
  std::optional<service::Error> enable(const std::string& name);

  const std::map<std::string, Entry>& entries() const { return m_entries; }
  const Departures& departures() const { return m_departures; }
  std::shared_ptr<const Choice> choice() const { return m_choice; }
  std::chrono::milliseconds longest_end() const;  // of a plugin's process that is told to end
  void limit(std::uint64_t stream_buffer);        // of those in processes of their own

 private:
  using Next = std::function<void()>;  // tells that a change is through
  struct Batch;                        // of arrivals that one change waits for

  struct Change {
    std::function<void(Next)> what;
    Done dropped;  // told, if the host ends before its turn
  };

  void change(Done dropped, std::function<void(Next)> what);
  void next_change();
  static void drop(const Done& dropped);
  // `work` on a pool thread, or here if there is none; then `then` with what it returned, on the I/O thread.
  template <class Work, class Then>
  void aside(Work work, Then then) {
    const auto run = [this, work, then] {
      auto result = std::make_shared<decltype(work())>(work());
      m_around.loop.post([result = std::move(result), then] { then(std::move(*result)); });
    };
    if (!m_around.pool.run(run)) run();
  }
  void settle(std::vector<Candidate> seen, const Next& next);
  bool is_to_arrive(Candidate& candidate);
  void let_go_of_missing(const std::vector<Candidate>& seen);
  void let_go(const Candidate& gone);
  void refuse_namesakes(Entry& entry, const Candidate& candidate);
  void arrive(Candidate candidate, Done done);
  std::optional<service::Error> take_in(const Candidate& candidate, service::Result<Arrival::Arrived> arrived);
  std::optional<service::Error> note_failure(const Candidate& candidate, const service::Error& why);
  std::optional<service::Error> replace(Entry& entry, Instance instance);
  void shut_out(Entry& entry, State state, std::string why);
  Entry& entry_of(const Candidate& candidate);
  void tidy();
  Arrival::Around arrival_around() { return {m_around, m_far_around, m_copies, m_departures, m_services}; }
  void announce(std::string_view what, const std::string& plugin, const std::string& why = {}) const;
  service::Error nothing_to_load(const std::string& name) const;
  service::Error unknown(const std::string& name) const;
  void turn_until(const std::function<bool()>& done);

  const Surroundings m_around;
  const Keeper::Around m_far_around;
  const LibraryCopies m_copies;
  const Adopt m_adopt;
  const HostServices* const m_services;
  std::shared_ptr<const Choice> m_choice = std::make_shared<Choice>();
  Departures m_departures;
  std::map<std::string, Entry> m_entries;
  std::deque<Change> m_changes;
  bool m_changing = false;
  bool m_ending = false;
};

}  // namespace berth::loader
