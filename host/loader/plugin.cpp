// Loading a plugin through Boost.DLL, and every call into it.
#include "loader/plugin.hpp"

#include <berth/abi.h>
#include <berth/service/health.h>
#include <dlfcn.h>

#include <algorithm>
#include <boost/dll/shared_library.hpp>
#include <chrono>
#include <cstddef>
#include <exception>
#include <utility>

#include "loader/host_side.hpp"
#include "loader/schema/schema.hpp"
#include "loader/services/texts.hpp"

namespace berth::loader {

using service::Error;
using service::Result;

namespace {

const service::Clock clock;  // the real one: a plugin that blocks is not a matter of a test's time

constexpr std::size_t longest_ailment = 4u << 10;

// What every minor version of this major has. Of what a later one adds, a plugin's size tells whether it is there.
constexpr std::size_t smallest_table = offsetof(berth_plugin, service) + sizeof(berth_plugin::service);

Error bad_plugin(const std::string& name, std::string why, std::string hint = {}) {
  return {500, "bad_plugin", name + ": " + std::move(why), std::move(hint)};
}

std::optional<Error> check_abi(const std::string& name, const berth_plugin* api) {
  if (!api) return bad_plugin(name, "its entry returned nothing");
  if (api->major != BERTH_ABI_MAJOR) {
    return bad_plugin(name,
                      "built for ABI " + std::to_string(api->major) + "." + std::to_string(api->minor) +
                          "; this host speaks " + std::to_string(BERTH_ABI_MAJOR) + "." +
                          std::to_string(BERTH_ABI_MINOR),
                      "rebuild it with this host's SDK");
  }
  if (api->size < smallest_table) {
    return bad_plugin(name, "its table of functions is " + std::to_string(api->size) + " bytes, less than ABI " +
                                std::to_string(api->major) + ".0 needs");
  }
  if (!api->create || !api->destroy || !api->invoke || !api->message || !api->drained || !api->cancel ||
      !api->service) {
    return bad_plugin(name, "its table of functions has gaps");
  }
  return std::nullopt;
}

// Never unloaded: code with default flags stays mapped anyway, and a thread of the plugin may still be in it.
Result<const berth_plugin*> open_library(const Found& found) {
  boost::dll::fs::error_code failed;
  const auto mode = boost::dll::load_mode::rtld_now | boost::dll::load_mode::rtld_local;
  boost::dll::shared_library library;
  library.load(boost::dll::fs::path(found.library_file), failed, mode);
  if (failed) {
    const char* why = ::dlerror();  // Boost's own word for it is always the same
    return bad_plugin(found.name, std::string("cannot be loaded: ") + (why ? why : failed.message()),
                      "is it whole, and built for this machine? berth doctor says which libraries are missing");
  }
  if (!library.has("berth_plugin_entry")) {
    return bad_plugin(found.name, "does not export berth_plugin_entry", "is it a Berth plugin?");
  }
  ::dlopen(found.library_file.c_str(), RTLD_NOW | RTLD_NOLOAD | RTLD_NODELETE);
  return library.get<std::remove_pointer_t<berth_plugin_entry_fn>>("berth_plugin_entry")();
}

}  // namespace

Result<std::shared_ptr<Plugin>> Plugin::load(const Found& found, const nlohmann::json& config,
                                             const Surroundings& around, Lending lending) {
  if (!found.manifest) return found.manifest.error();
  auto entry = open_library(found);
  if (!entry) return entry.error();
  if (auto wrong = check_abi(found.name, *entry)) return *wrong;
  if (text_with_digest(view((*entry)->manifest), found.manifest->sha256) != found.manifest_text) {
    return bad_plugin(found.name, "the manifest beside it is not the one in its code",
                      "build it again; the manifest is made by berth-manifest after the library");
  }
  return start(*entry, *found.manifest, config, around, std::move(lending));
}

Result<std::shared_ptr<Plugin>> Plugin::start(const berth_plugin* entry, Manifest manifest,
                                              const nlohmann::json& config, const Surroundings& around,
                                              Lending lending) {
  if (auto wrong = check_abi(manifest.name, entry)) return *wrong;
  std::shared_ptr<Plugin> plugin(new Plugin(entry, std::move(manifest), around));
  if (auto refused = plugin->create(config, std::move(lending))) return *refused;
  return plugin;
}

Plugin::Plugin(const berth_plugin* api, Manifest manifest, const Surroundings& around)
    : m_api(api),
      m_manifest(std::move(manifest)),
      m_around(around),
      m_lane(around.loop, around.pool),
      m_side(std::make_unique<HostSide>(m_manifest.name, around.log)) {}

Plugin::~Plugin() {
  Plugin::destroy();
  m_side->leave();
  if (m_around.left) m_around.left->keep(std::move(m_side));
}

void Plugin::destroy() {
  void* self = std::exchange(m_self, nullptr);
  if (!self) return;
  m_side->lent().rest();
  m_lane.forget();
  try {
    m_api->destroy(self);
  } catch (...) {
    m_around.log.write(service::Level::error, m_manifest.name, "the plugin threw while it was destroyed");
  }
  m_side->close_all();
}

std::optional<Error> Plugin::create(const nlohmann::json& config, Lending lending) {
  if (m_manifest.config.is_null() && !config.empty()) {
    return bad_plugin(m_manifest.name, "it takes no configuration, but berth.lua gives it some");
  }
  if (!m_manifest.config.is_null()) {
    auto schema = Schema::compile(m_manifest.config);
    if (!schema) return schema.error();
    Error misfit{500, "bad_config", m_manifest.name + ": its configuration does not fit"};
    misfit.misfits = schema->check(config);
    if (!misfit.misfits.empty()) {
      const auto& first = misfit.misfits.front();
      misfit.message += ": " + (first.pointer.empty() ? "it" : first.pointer) + " should be " + first.expected +
                        ", but is " + first.got;
      return misfit;
    }
  }
  lend(std::move(lending), config.dump());
  m_creator = std::this_thread::get_id();
  try {
    m_self = m_api->create(m_side->api(), text_of(m_side->lent().config()));
  } catch (...) {
    return bad_plugin(m_manifest.name, "it threw while it was created");
  }
  m_creator = std::thread::id();
  if (m_self) {
    m_around.loop.post([weak = weak_from_this()] {
      if (const auto self = weak.lock()) self->let_in_early();
    });
    return std::nullopt;
  }
  return m_side->refusal().value_or(bad_plugin(m_manifest.name, "it refused to start and did not say why"));
}

const Operation& Plugin::operation_of(const Reply& reply) const {
  return m_manifest.operations[reply.request().operation];
}

void Plugin::invoke(std::shared_ptr<Reply> reply) {
  const Operation& operation = operation_of(*reply);
  m_side->open(reply);
  if (operation.concurrent && !operation.blocking) return enter(reply);
  auto self = shared_from_this();
  auto refused = [self, reply] { self->refuse(*reply); };
  m_lane.submit({[self, reply] { self->enter(reply); }, refused, operation.blocking, operation.concurrent});
}

void Plugin::refuse(const Reply& reply) {
  const auto open = m_side->close(reply.ticket);
  if (!open) return;
  Error busy{503, "busy", "too many calls wait for " + m_manifest.name, "try again in a moment"};
  busy.retry_after = std::chrono::seconds(1);
  open->fail(std::move(busy));
}

void Plugin::enter(const std::shared_ptr<Reply>& reply) {
  if (!m_self) return;  // the host ends
  const Request& request = reply->request();
  const berth_request raw{sizeof(berth_request),
                          request.operation,
                          reply->ticket,
                          text_of(request.input),
                          text_of(request.asker->session),
                          text_of(request.asker->who.name),
                          text_of(session::name_of(request.asker->who.scope)),
                          text_of(request.asker->request_id),
                          text_of(request.asker->traceparent),
                          text_of(request.last_event_id),
                          request.body ? request.body.get() : -1,
                          0,
                          request.body_size,
                          text_of(request.body_type),
                          text_of(request.body_name),
                          text_of(request.http.method),
                          text_of(request.http.fields),
                          text_of(request.http.content)};
  guarded(reply, "invoke", [&] { m_api->invoke(m_self, &raw); });
}

// Nothing that a plugin throws comes past here, and a call that must not block is told of when it did.
template <class Body>
void Plugin::guarded(const std::shared_ptr<Reply>& reply, const char* what, const Body& body) {
  const bool watched = m_around.loop.here();
  const auto began = watched ? clock.recent() : service::Clock::Moment();
  try {
    body();
  } catch (const std::exception& error) {
    threw(*reply, what, &error);
  } catch (...) {
    threw(*reply, what, nullptr);
  }
  if (watched && clock.recent() - began >= patience) held_up(*reply, began);
}

void Plugin::threw(const Reply& reply, const char* what, const std::exception* error) {
  service::Log::Fields fields{{"in", what}, {"operation", operation_of(reply).name}};
  if (error) fields.emplace_back("what", m_side->masked(error->what()));
  m_around.log.write(service::Level::error, m_manifest.name,
                     error ? "an exception crossed the boundary" : "something that is no exception was thrown", fields);
  const auto open = m_side->close(reply.ticket);
  if (open) open->fail({500, "plugin_error", "the plugin failed", "the host's log says more"});
}

void Plugin::held_up(const Reply& reply, service::Clock::Moment since) {
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(clock.recent() - since);
  m_around.log.write(service::Level::warn, m_manifest.name,
                     "an operation that is not declared blocking held up the host",
                     {{"operation", operation_of(reply).name}, {"ms", std::int64_t{took.count()}}});
}

void Plugin::message(std::shared_ptr<Reply> reply, Chunk chunk, std::function<void()> done) {
  const Operation& operation = operation_of(*reply);
  auto self = shared_from_this();
  auto shared = std::make_shared<Chunk>(std::move(chunk));
  auto finished = [self, done] { self->m_around.loop.post(done); };
  auto run = [self, reply, shared, finished] {
    if (self->m_side->find(reply->ticket)) {
      const berth_chunk raw{sizeof(berth_chunk), shared->binary ? 1u : 0u, text_of(shared->bytes), {}, {}};
      self->guarded(reply, "message", [&] { self->m_api->message(self->m_self, reply->ticket, &raw); });
    }
    finished();
  };
  // A message that cannot be carried must not be lost in silence: the call ends.
  auto refused = [self, reply, finished] {
    self->cancel(reply);
    self->refuse(*reply);
    finished();
  };
  m_lane.submit({run, refused, operation.blocking, operation.concurrent, true});
}

void Plugin::drained(std::shared_ptr<Reply> reply) {
  auto self = shared_from_this();
  auto run = [self, reply] {
    if (!self->m_side->find(reply->ticket)) return;
    self->guarded(reply, "drained", [&] { self->m_api->drained(self->m_self, reply->ticket); });
  };
  m_lane.submit({run, {}, false, operation_of(*reply).concurrent, true});
}

void Plugin::cancel(std::shared_ptr<Reply> reply) {
  if (const auto& desk = m_side->lent().lending().desk) desk->cancelled(*reply);
  if (!m_side->find(reply->ticket)) return;
  guarded(reply, "cancel", [&] { m_api->cancel(m_self, reply->ticket); });
}

std::optional<std::string> Plugin::ailment() {
  if (!m_self) return std::nullopt;
  const auto* health = static_cast<const berth_health*>(m_api->service(m_self, text_of(BERTH_HEALTH)));
  if (!health) return std::nullopt;
  char why[2 * longest_ailment];  // or what is cut off could be half a secret
  std::size_t used = 0;
  if (health->check(m_self, why, sizeof why, &used) == 1) return std::nullopt;
  return m_side->masked(std::string(why, std::min(used, sizeof why))).substr(0, longest_ailment);
}

void Plugin::look() { m_side->look(); }

std::size_t Plugin::open_calls() const { return m_side->open_calls(); }
std::vector<std::shared_ptr<Reply>> Plugin::open() const { return m_side->open(); }

}  // namespace berth::loader
