// Calls to frames, frames to answers. A number that is not known (any more) is an answer that comes too late, and is
// dropped: the process has logged it itself.
#include "loader/process/far_plugin.hpp"

#include <utility>

#include "loader/process/packed.hpp"

namespace berth::loader {

using service::Error;

FarPlugin::FarPlugin(const Found& found, Keeper::Given given, ProcessRules rules, const Keeper::Around& around,
                     std::shared_ptr<HostDesk> desk)
    : m_manifest(*found.manifest),
      m_window(rules.stream_buffer),
      m_keeper(std::make_shared<Keeper>(found.name, found.library_file, found.manifest_text, std::move(given), rules,
                                        around)),
      m_desk(std::move(desk)) {}

FarPlugin::~FarPlugin() {
  if (m_desk) m_desk->leave();
}

void FarPlugin::start(std::function<void(std::optional<Error>)> started) {
  const auto weak = weak_from_this();
  if (m_desk) {
    m_desk->connect([keeper = std::weak_ptr(m_keeper)](Note note) {
      if (const auto up = keeper.lock()) up->tell(pack_note(FrameKind::tell, 0, std::move(note)));
    });
  }
  m_keeper->start({[weak](Frame frame) {
                     if (const auto self = weak.lock()) self->on_frame(std::move(frame));
                   },
                   [weak](const Error& why) {
                     if (const auto self = weak.lock()) self->down(why);
                   },
                   std::move(started)});
}

void FarPlugin::invoke(std::shared_ptr<Reply> reply) {
  if (!m_keeper->has_room() && m_keeper->state() == Keeper::State::ready) {
    Error busy{503, "busy", "too many calls wait for " + m_manifest.name, "try again in a moment"};
    busy.retry_after = std::chrono::seconds(1);
    reply->fail(std::move(busy));
    return;
  }
  const std::uint64_t call = reply->ticket = ++m_last_call;
  auto frame = pack_request(call, reply->request(), m_window);
  m_open[call].reply = reply;
  if (frame && m_keeper->send(std::move(*frame))) return;
  m_open.erase(call);
  if (m_keeper->state() != Keeper::State::ready) {
    reply->fail(m_keeper->reason());
    return;
  }
  Error busy{503, "busy", "the call could not be handed to " + m_manifest.name, "try again in a moment"};
  busy.retry_after = std::chrono::seconds(1);
  reply->fail(std::move(busy));
}

void FarPlugin::message(std::shared_ptr<Reply> reply, Chunk chunk, std::function<void()> done) {
  const auto at = m_open.find(reply->ticket);
  if (at == m_open.end()) return done();  // it has ended; nobody is there to hear it
  at->second.messages.push_back(std::move(done));
  m_keeper->send(pack_chunk(FrameKind::message, reply->ticket, std::move(chunk)));
}

void FarPlugin::drained(std::shared_ptr<Reply> reply) {
  const auto at = m_open.find(reply->ticket);
  if (at == m_open.end()) return;
  at->second.full = false;
  pay(at->first, at->second);
}

// Whatever comes of it now is for nobody, and must hold nothing here: the process may never end it.
void FarPlugin::cancel(std::shared_ptr<Reply> reply) {
  if (m_desk) m_desk->cancelled(*reply);
  if (m_open.erase(reply->ticket) > 0) m_keeper->send({FrameKind::cancel, reply->ticket, {}, {}, {}});
}

void FarPlugin::on_frame(Frame frame) {
  if (frame.kind == FrameKind::note) return on_note(std::move(frame));
  if (frame.call > m_last_call) return m_keeper->answered_nobody();
  const auto at = m_open.find(frame.call);
  if (at == m_open.end()) return;
  Open& open = at->second;
  switch (frame.kind) {
    case FrameKind::chunk: return on_chunk(open, std::move(frame));
    case FrameKind::begin: {
      const auto reply = open.reply;  // which may end meanwhile
      reply->begin(unpack_head(frame.fields));
      return;
    }
    case FrameKind::handled: {
      if (open.messages.empty()) return;
      const auto done = std::move(open.messages.front());
      open.messages.pop_front();
      return done();
    }
    default: on_last(std::move(frame));
  }
}

// A note may be about a call that was cancelled meanwhile; then it comes without.
void FarPlugin::on_note(Frame frame) {
  if (!m_desk) return;
  const auto at = m_open.find(frame.call);
  auto reply = at == m_open.end() ? nullptr : at->second.reply;
  auto note = unpack_note(std::move(frame));
  if (!note) return;
  if (note->verb == Verb::job_begin && reply) m_open.erase(at);  // the desk answers it
  m_desk->serve(std::move(*note), reply);
}

void FarPlugin::on_chunk(Open& open, Frame frame) {
  const std::uint64_t call = frame.call;
  open.owed += weight_of(frame.data.size());
  const auto reply = open.reply;
  const bool before = std::exchange(open.full, true);  // so that a drained() within is not lost
  const Flow flow = reply->chunk(unpack_chunk(std::move(frame)));
  const auto at = m_open.find(call);  // it may have ended meanwhile
  if (at == m_open.end()) return;
  if (flow != Flow::full && at->second.full) at->second.full = before;
  if (flow == Flow::ok && !at->second.full && at->second.owed >= m_window / 4) pay(call, at->second);
}

void FarPlugin::pay(std::uint64_t call, Open& open) {
  Packer fields;
  fields.number(std::exchange(open.owed, 0));
  m_keeper->send({FrameKind::consumed, call, fields.done(), {}, {}});
}

// The last answer of a call: it is taken off first, as nothing may come after it.
void FarPlugin::on_last(Frame frame) {
  const auto node = m_open.extract(frame.call);
  const auto& reply = node.mapped().reply;
  Flow flow = Flow::ok;
  switch (frame.kind) {
    case FrameKind::send: flow = reply->send(std::move(frame.data)); break;
    case FrameKind::fail: flow = reply->fail(unpack_error(frame.fields)); break;
    case FrameKind::file: flow = reply->file(std::move(frame.fd), unpack_head(frame.fields)); break;
    case FrameKind::finish: {
      Unpacker fields(frame.fields);
      const auto code = static_cast<std::uint32_t>(fields.number());
      flow = reply->finish(code, std::move(frame.data));
      break;
    }
    default: flow = Flow::wrong;
  }
  if (flow == Flow::wrong)
    reply->fail({500, "plugin_error", "the plugin gave an answer that this kind of operation cannot have"});
  for (const auto& done : node.mapped().messages) done();
}

std::vector<std::shared_ptr<Reply>> FarPlugin::open() const {
  std::vector<std::shared_ptr<Reply>> all;
  for (const auto& [call, open] : m_open) all.push_back(open.reply);
  return all;
}

void FarPlugin::down(const Error& why) {
  if (m_desk) m_desk->reset(why.message);
  auto lost = std::exchange(m_open, {});
  for (auto& [call, open] : lost) {
    Error error = why;
    error.retry_after = std::chrono::seconds(1);
    open.reply->fail(std::move(error));
    for (const auto& done : open.messages) done();
  }
}

}  // namespace berth::loader
