// All plugins of one host: which were found, which run and where, and why the others do not.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "loader/desk/host_desk.hpp"
#include "loader/finder.hpp"
#include "loader/library_copy.hpp"
#include "loader/plugin.hpp"
#include "loader/process/far_plugin.hpp"
#include "loader/services/grants.hpp"
#include "loader/trust.hpp"
#include "service/secret_source.hpp"

namespace berth::loader {

struct Wish {  // what the configuration says of one plugin
  bool enabled = true;
  std::string file;  // a .so outside of the folders; may be empty
  nlohmann::json config = nlohmann::json::object();
  std::optional<bool> own_process;  // null: unless it is the host's own
  ProcessRules process;
  std::string where;
  Grants grants = {};
  service::SecretSources secrets = {};
};

class Registry {
 public:
  enum class State { ready, failed, disabled };
  struct Entry {
    std::string name, file;
    State state = State::ready;
    std::string reason;                  // of failed and disabled
    std::optional<Manifest> manifest;    // if it could be read
    bool first_party = false;            // found in the host's own folder
    std::shared_ptr<Provider> provider;  // if ready
    std::shared_ptr<FarPlugin> far;      // the same, if it has a process of its own
    Signature signature = {};
    std::set<std::string> services = {};  // that it is lent, by id
    Rights rights = {};                   // of its calls
    std::shared_ptr<HostDesk> desk = {};
    std::vector<std::string> secret_names = {};
    std::shared_ptr<const service::SecretSet> secrets = {};

    std::string_view condition() const;  // in a word: "ready", "restarting", …
    std::string why() const;             // it is not ready, or empty
  };
  struct Choice {
    std::vector<std::string> folders, own_folders;  // of strangers' plugins, of the host's own
    std::map<std::string, Wish> wishes;
    ProcessRules process;  // of those that no wish names
    bool only_wished = false;
    bool safe = false;  // strangers' plugins stay out
  };

  // `copies` is the folder for the libraries that are loaded. Without `services` plugins have a log and their
  // configuration.
  Registry(Surroundings around, Keeper::Around far_around, TrustRules trust, std::string copies,
           const HostServices* services = nullptr)
      : m_around(around),
        m_far_around(std::move(far_around)),
        m_trust(std::move(trust)),
        m_copies(std::move(copies)),
        m_services(services) {}

  // Loads what is found and wished, and waits for those with processes of their own. One that fails is noted and
  // logged; the others do not suffer. Before the loop runs.
  void load(Choice choice);
  void end();  // the same at the end: no process stays behind

  std::chrono::milliseconds longest_end() const;  // of a plugin's process that is told to end
  const std::vector<Entry>& entries() const { return m_entries; }
  std::vector<std::shared_ptr<Provider>> providers() const;
  void fail(const Provider& provider, std::string reason);  // its operations cannot be had after all
  void limit(std::uint64_t stream_buffer);                  // of those in processes of their own
  // Lets one that died too often start again.
  std::optional<service::Error> enable(const std::string& name);

 private:
  Entry bring_up(const Found& found, const Wish& wish, bool safe);
  service::Result<Found> admit(const Found& found, const Signature& signature);
  std::optional<service::Error> grant(Entry& entry, const Wish& wish) const;
  std::optional<service::Error> fetch_secrets(Entry& entry, const Wish& wish) const;
  std::string state_folder_of(const Entry& entry) const;
  void bring_up_near(Entry& entry, const Found& found, const Wish& wish);
  void bring_up_far(Entry& entry, const Found& found, const Wish& wish);
  void note_failure(Entry& entry, const service::Error& why);
  void turn_until(const std::function<bool()>& done);

  const Surroundings m_around;
  const Keeper::Around m_far_around;
  const TrustRules m_trust;
  LibraryCopies m_copies;
  const HostServices* const m_services;
  std::vector<Entry> m_entries;
  std::size_t m_starting = 0;
};

}  // namespace berth::loader
