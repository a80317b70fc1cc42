// Frames to calls into loader::Plugin, which keeps the threading rule here as it does in the host.
#include "loader/process/near_side.hpp"

#include <sys/resource.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <utility>

#include "jail/self.hpp"
#include "loader/finder.hpp"
#include "loader/process/packed.hpp"
#include "loader/process/scratch.hpp"
#include "service/store.hpp"

namespace berth::loader {

using nlohmann::json;
using service::Error;

namespace {

constexpr std::chrono::milliseconds between_looks{5};
constexpr int looks = 20;

std::uintmax_t threads_here() {
  std::error_code none;
  return std::filesystem::hard_link_count("/proc/self/task", none);
}

// The host ends a process that holds too much, but looks only now and then. Past twice the limit memory is refused at
// once; threads and libraries take room that is never touched, hence the rest.
void bound_memory([[maybe_unused]] std::uint64_t limit, [[maybe_unused]] std::uint64_t threads) {
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)  // their shadows are larger than any limit
  constexpr std::uint64_t stack = 8u << 20;
  const std::uint64_t most = 2 * limit + threads * stack + (256u << 20);
  const rlimit data{most, most};
  ::setrlimit(RLIMIT_DATA, &data);
#endif
  const rlimit none{0, 0};
  ::setrlimit(RLIMIT_CORE, &none);
}

// What a sanitizer reads to tell where something happened.
std::string own_program() {
  std::error_code ignored;
  return std::filesystem::read_symlink("/proc/self/exe", ignored);
}

}  // namespace

NearSide::NearSide(service::EventLoop& loop, service::UniqueFd socket)
    : m_loop(loop),
      m_timer(loop.context()),
      m_link(std::make_shared<Link>(loop, std::move(socket))),
      m_desk(std::make_shared<LinkDesk>(m_link)) {}

void NearSide::open() {
  const auto self = shared_from_this();
  m_link->open([self](Frame frame) { self->on_frame(std::move(frame)); }, [] { std::_Exit(0); });  // the host is gone
}

void NearSide::on_frame(Frame frame) {
  if (m_left) return;
  switch (frame.kind) {
    case FrameKind::start: return start(std::move(frame));
    case FrameKind::invoke: return invoke(std::move(frame));
    case FrameKind::message: return message(std::move(frame));
    case FrameKind::consumed: {
      const auto reply = find(frame.call);
      if (reply && reply->consumed(Unpacker(frame.fields).number())) m_plugin->drained(reply);
      return;
    }
    case FrameKind::cancel:
      if (const auto reply = find(frame.call)) {
        reply->mark_cancelled();
        m_plugin->cancel(reply);
      }
      return;
    case FrameKind::ping: return pong();
    case FrameKind::tell: return m_desk->heard(std::move(frame));
    case FrameKind::end: m_ending = true; return end_when_idle();
    default: return;
  }
}

void NearSide::start(Frame frame) {
  if (m_plugin) return;
  if (const auto error = load(std::move(frame)))
    m_link->send({FrameKind::refused, 0, pack_error(*error), {}, {}});
  else
    m_link->send({FrameKind::ready, 0, {}, {}, {}});
}

std::optional<Error> NearSide::load(Frame frame) {
  Unpacker fields(frame.fields);
  Found found{fields.text(), {}, fields.text(), fields.text(), Error{}};
  const auto memory = fields.number();
  const auto threads = static_cast<std::size_t>(fields.number());
  Lending lending{{}, m_desk, {}, fields.text(), &m_loop};
  lending.state_limit = fields.number();
  const bool confined = fields.number() != 0;
  for (auto left = fields.number(); left > 0 && fields.good(); --left) lending.services.insert(fields.text());
  lending.secrets = std::make_shared<const service::SecretSet>(unpack_secrets(std::exchange(frame.fd, {})));
  bound_memory(memory, threads);
  if (auto error = confine(found.library_file, confined, lending.state_folder)) return error;
  found.manifest = Manifest::parse(found.manifest_text);
  m_log = std::make_unique<service::Log>(
      [link = m_link](service::Level level, std::string_view, std::string_view message,
                      const service::Log::Fields& more) { link->send(pack_line(level, message, more)); });
  m_threads = threads_here();
  m_pool = std::make_unique<service::Pool>(service::Pool::Options{threads, 4096});
  auto plugin =
      Plugin::load(found, json::parse(frame.data, nullptr, false), {m_loop, *m_pool, *m_log}, std::move(lending));
  if (!plugin) return plugin.error();
  m_plugin = std::move(*plugin);
  return std::nullopt;
}

// Nothing of the plugin runs before.
std::optional<Error> NearSide::confine(const std::string& library, bool wanted, const std::string& folder) {
  std::vector<std::string> layers;
  if (wanted) {
    jail::SelfRules rules{{library, own_program()}, {}};
    if (!folder.empty()) {
      const auto scratch = make_scratch(folder);
      if (!scratch) return scratch.error();
      // Now, since it may change no mode later on.
      if (const auto store = service::Store::open(folder); !store) return store.error();
      ::setenv("TMPDIR", scratch->c_str(), 1);
      rules.writes = {folder, *scratch};
    }
    layers = jail::confine_self(rules);
  }
  Packer fields;
  fields.number(layers.size());
  for (const auto& one : layers) fields.text(one);
  m_link->send({FrameKind::confined, 0, fields.done(), {}, {}});
  return std::nullopt;
}

void NearSide::invoke(Frame frame) {
  const std::uint64_t call = frame.call;
  auto arrived = unpack_request(std::move(frame));
  if (!m_plugin || !arrived || arrived->request.operation >= m_plugin->manifest().operations.size()) {
    m_link->send({FrameKind::fail, call, pack_error({500, "internal", "the call did not arrive whole"}), {}, {}});
    return;
  }
  const Kind kind = m_plugin->manifest().operations[arrived->request.operation].kind;
  const auto self = shared_from_this();
  auto reply = std::make_shared<NearReply>(std::move(arrived->request),
                                           NearReply::Place{m_link, m_loop, call, kind, arrived->window},
                                           [self, call] { self->forget(call); });
  {
    const std::lock_guard lock(m_mutex);
    m_calls.emplace(call, reply);
  }
  m_plugin->invoke(std::move(reply));
}

void NearSide::message(Frame frame) {
  const std::uint64_t call = frame.call;
  const auto handled = [link = m_link, call] { link->send({FrameKind::handled, call, {}, {}, {}}); };
  const auto reply = find(call);
  if (!reply) return handled();
  m_plugin->message(reply, unpack_chunk(std::move(frame)), handled);
}

void NearSide::pong() {
  const auto ailment = m_plugin ? m_plugin->ailment() : std::nullopt;
  if (m_plugin) m_plugin->look();
  m_link->send({FrameKind::pong, 0, {}, ailment.value_or(""), {}});
}

std::shared_ptr<NearReply> NearSide::find(std::uint64_t call) const {
  const std::lock_guard lock(m_mutex);
  const auto at = m_calls.find(call);
  return at == m_calls.end() ? nullptr : at->second;
}

void NearSide::forget(std::uint64_t call) {
  std::shared_ptr<NearReply> last;  // may go only outside of the lock
  const std::lock_guard lock(m_mutex);
  const auto at = m_calls.find(call);
  if (at == m_calls.end()) return;
  last = std::move(at->second);
  m_calls.erase(at);
  if (m_calls.empty()) m_loop.post([self = shared_from_this()] { self->end_when_idle(); });
}

// The plugin goes while the loop still runs, since its destructor may use what the host lends.
void NearSide::end_when_idle() {
  if (!m_ending || m_left) return;
  {
    const std::lock_guard lock(m_mutex);
    if (!m_calls.empty()) return;
  }
  m_left = true;
  if (m_pool) m_pool->end();
  if (m_plugin) m_plugin->destroy();
  go(looks);
}

// A thread that the plugin left behind may still answer, and is to be named for it.
void NearSide::go(int looks_left) {
  if (looks_left > 0 && m_plugin && threads_here() > m_threads) {
    m_timer.expires_after(between_looks);
    m_timer.async_wait([self = shared_from_this(), looks_left](const auto&) { self->go(looks_left - 1); });
    return;
  }
  m_plugin.reset();
  m_link->close();
  m_loop.post([this] { m_loop.context().stop(); });  // behind what the link leaves
}

}  // namespace berth::loader
