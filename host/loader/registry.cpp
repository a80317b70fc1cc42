// Brings plugins up: those in the host one after the other, those in processes of their own all at once.
#include "loader/registry.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "service/text.hpp"

namespace berth::loader {

using service::Error;

std::string_view Registry::Entry::condition() const {
  if (far) return name_of(far->keeper().state());
  switch (state) {
    case State::ready: return "ready";
    case State::failed: return "failed";
    case State::disabled: return "disabled";
  }
  return "failed";
}

std::string Registry::Entry::why() const {
  if (far && far->keeper().state() != Keeper::State::ready) return far->keeper().reason().message;
  return reason;
}

namespace {

// A plugin is known by one name: what berth.lua calls another is refused under that name.
Found named(Found found, const std::string& name) {
  if (found.name != name)
    found.manifest = Error{500, "bad_plugin", found.library_file + " is the plugin \"" + found.name + "\"",
                           "write: plugin \"" + found.name + "\" { … }"};
  found.name = name;
  return found;
}

}  // namespace

void Registry::load(Choice choice) {
  std::set<std::string> seen;
  Wish none;
  none.process = choice.process;
  for (const auto& [name, wish] : choice.wishes) {
    if (wish.file.empty()) continue;
    seen.insert(name);
    m_entries.push_back(bring_up(named(find_plugin_at(wish.file), name), wish, choice.safe));
  }
  for (const Found& found : find_plugins(choice.folders, choice.own_folders)) {
    if (!seen.insert(found.name).second) continue;
    const auto wish = choice.wishes.find(found.name);
    if (wish == choice.wishes.end() && choice.only_wished) continue;
    m_entries.push_back(bring_up(found, wish == choice.wishes.end() ? none : wish->second, choice.safe));
  }
  for (const auto& [name, wish] : choice.wishes) {
    if (seen.contains(name) || !wish.enabled) continue;
    Entry entry{name,         {},    State::failed, wish.where + ": no plugin of this name was found",
                std::nullopt, false, nullptr,       nullptr};
    m_entries.push_back(std::move(entry));
    m_around.log.write(service::Level::error, "loader", "a plugin was not found",
                       {{"plugin", name}, {"where", wish.where}});
  }
  turn_until([this] { return m_starting == 0; });
  m_copies.remove_others();
}

Registry::Entry Registry::bring_up(const Found& found, const Wish& wish, bool safe) {
  Entry entry{found.name, found.library_file, State::ready, {}, std::nullopt, found.first_party, nullptr, nullptr};
  if (found.manifest) {
    entry.manifest = *found.manifest;
    entry.signature = read_signature(found, m_trust.keys);
  }
  if (!wish.enabled || (safe && !found.first_party)) {
    entry.state = State::disabled;
    entry.reason = wish.enabled ? "the host runs in safe mode, with its own plugins alone" : wish.where + " says so";
    return entry;
  }
  if (auto shut_out = not_allowed(found, m_trust)) {
    entry.state = State::disabled;
    entry.reason = std::move(*shut_out);
    return entry;
  }
  const auto admitted = admit(found, entry.signature);
  if (!admitted)
    note_failure(entry, admitted.error());
  else if (const auto refused = grant(entry, wish))
    note_failure(entry, *refused);
  else if (wish.own_process.value_or(!found.first_party))
    bring_up_far(entry, *admitted, wish);
  else
    bring_up_near(entry, *admitted, wish);
  return entry;
}

// The same plugin, with the copy that was checked in place of its library.
service::Result<Found> Registry::admit(const Found& found, const Signature& signature) {
  if (!found.manifest) return found.manifest.error();
  if (auto refused = not_trusted(found, signature, m_trust)) return *refused;
  auto copy = m_copies.copy(found);
  if (!copy) return copy.error();
  Found checked = found;
  checked.library_file = std::move(*copy);
  return checked;
}

std::optional<Error> Registry::grant(Entry& entry, const Wish& wish) const {
  auto services = services_of(*entry.manifest, entry.first_party, wish.grants);
  if (!services) return services.error();
  entry.services = std::move(*services);
  entry.rights = rights_of(entry.first_party, wish.grants);
  if (auto missing = fetch_secrets(entry, wish)) return missing;
  if (m_services) entry.desk = std::make_shared<HostDesk>(*m_services, *entry.manifest, entry.services, entry.rights);
  return std::nullopt;
}

// Only to whom they are given, and who asks for them.
std::optional<Error> Registry::fetch_secrets(Entry& entry, const Wish& wish) const {
  if (wish.secrets.empty() || !m_services) return std::nullopt;
  if (!entry.services.contains("berth.secrets/1"))
    return Error{500, "not_granted",
                 entry.name + ": " + wish.where + " gives it secrets, but it does not ask for berth.secrets/1",
                 "take them away, or let its author declare the service"};
  auto secrets = service::fetch_secrets(wish.secrets, m_services->environment);
  if (!secrets) return Error{500, "no_secret", entry.name + ": " + secrets.error().message, secrets.error().hint};
  for (const auto& [name, secret] : *secrets) entry.secret_names.push_back(name);
  entry.secrets = std::make_shared<const service::SecretSet>(std::move(*secrets));
  return std::nullopt;
}

std::string Registry::state_folder_of(const Entry& entry) const {
  return m_services ? m_services->folder + "/" + entry.name : std::string();
}

void Registry::bring_up_near(Entry& entry, const Found& found, const Wish& wish) {
  auto plugin = Plugin::load(found, wish.config, m_around,
                             {entry.services, entry.desk, entry.secrets, state_folder_of(entry), &m_far_around.loop});
  if (!plugin) return note_failure(entry, plugin.error());
  entry.provider = std::move(*plugin);
  if (m_far_around.heard) m_far_around.heard("loaded", entry.name, {});
}

void Registry::bring_up_far(Entry& entry, const Found& found, const Wish& wish) {
  entry.far = std::make_shared<FarPlugin>(
      found, Keeper::Given{wish.config.dump(), entry.services, state_folder_of(entry), entry.secrets}, wish.process,
      m_far_around, entry.desk);
  entry.provider = entry.far;
  ++m_starting;
  // Later, since it may be the plugin itself that tells, and it may go.
  entry.far->start([this, far = entry.far.get()](std::optional<Error> failed) {
    m_around.loop.post([this, far, failed = std::move(failed)] {
      --m_starting;
      if (!failed) return;
      for (auto& one : m_entries) {
        if (one.far.get() == far) note_failure(one, *failed);
      }
    });
  });
}

void Registry::note_failure(Entry& entry, const Error& why) {
  entry.state = State::failed;
  entry.reason = why.message;
  entry.provider.reset();
  entry.far.reset();
  if (m_far_around.heard) m_far_around.heard("failed", entry.name, why.message);
  m_around.log.write(service::Level::error, "loader", "a plugin was not loaded",
                     {{"plugin", entry.name}, {"reason", why.message}, {"hint", why.hint}});
}

// Every start and every end has its deadline, so this comes to one.
void Registry::turn_until(const std::function<bool()>& done) {
  auto& context = m_far_around.loop.context();
  context.restart();
  while (!done()) context.run_one_for(std::chrono::milliseconds(100));
  context.restart();
}

std::chrono::milliseconds Registry::longest_end() const {
  std::chrono::milliseconds longest{0};
  for (const auto& entry : m_entries) {
    if (entry.far) longest = std::max(longest, entry.far->keeper().rules().end_time);
  }
  return longest;
}

void Registry::end() {
  std::size_t running = 0;
  for (auto& entry : m_entries) {
    if (!entry.far) continue;
    ++running;
    entry.far->end([&running] { --running; });
  }
  turn_until([&running] { return running == 0; });
  for (auto& entry : m_entries) {
    if (entry.desk) entry.desk->reset("the host ends");
  }
}

void Registry::limit(std::uint64_t stream_buffer) {
  for (auto& entry : m_entries) {
    if (entry.far) entry.far->limit(stream_buffer);
  }
}

std::vector<std::shared_ptr<Provider>> Registry::providers() const {
  std::vector<std::shared_ptr<Provider>> all;
  for (const auto& entry : m_entries) {
    if (entry.provider) all.push_back(entry.provider);
  }
  return all;
}

void Registry::fail(const Provider& provider, std::string reason) {
  for (auto& entry : m_entries) {
    if (entry.provider.get() != &provider) continue;
    if (entry.far) entry.far->end([far = entry.far] {});  // which lives until it has ended
    entry.state = State::failed;
    entry.reason = std::move(reason);
    entry.provider.reset();
    entry.far.reset();
    return;
  }
}

std::optional<Error> Registry::enable(const std::string& name) {
  std::vector<std::string> names;
  for (auto& entry : m_entries) {
    names.push_back(entry.name);
    if (entry.name != name) continue;
    if (!entry.far || entry.far->keeper().state() != Keeper::State::stopped)
      return Error{409, "not_stopped",
                   name + " is " + std::string(entry.condition()) + ", and not stopped after too many deaths",
                   "GET /plugins tells the state of each plugin"};
    entry.far->keeper().enable();
    return std::nullopt;
  }
  const auto near = service::near_names(name, names);
  return Error{404, "not_found", "there is no plugin " + name,
               near.empty() ? "GET /plugins lists what there is" : "did you mean " + near.front() + "?"};
}

}  // namespace berth::loader
