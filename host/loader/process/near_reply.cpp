// Keeps the promises of Reply on the plugin's side of a link.
#include "loader/process/near_reply.hpp"

#include <algorithm>
#include <utility>

#include "loader/process/packed.hpp"
#include "service/text.hpp"

namespace berth::loader {

using service::Error;

NearReply::NearReply(Request request, Place place, std::function<void()> ended)
    : m_request(std::move(request)), m_place(std::move(place)), m_when_ended(std::move(ended)) {}

namespace {

Error not_sent(bool too_large) {
  if (!too_large) return {500, "plugin_error", "the plugin's answer could not be handed to the host"};
  return {500, "answer_too_large", "the plugin's answer is larger than " + service::format_bytes(most_data),
          "its author: such an answer is a download"};
}

}  // namespace

Flow NearReply::last(Frame frame) {
  frame.call = m_place.call;
  const bool too_large = frame.data.size() > most_data_of(frame.kind);
  bool gone = false;
  {
    const std::lock_guard lock(m_mutex);
    if (std::exchange(m_ended, true)) return Flow::wrong;
    gone = m_cancelled;
    if (!m_place.link->send(std::move(frame)))  // under the lock, behind this call's chunks
      m_place.link->send({FrameKind::fail, m_place.call, pack_error(not_sent(too_large)), {}, {}});
  }
  m_room.notify_all();
  m_when_ended();
  return gone ? Flow::gone : Flow::ok;
}

Flow NearReply::send(std::string json) {
  if (!may_give(m_place.kind, Answer::value)) return Flow::wrong;
  return last({FrameKind::send, 0, {}, std::move(json), {}});
}

Flow NearReply::fail(Error error) { return last({FrameKind::fail, 0, pack_error(error), {}, {}}); }

Flow NearReply::file(service::UniqueFd fd, Head head) {
  if (!may_give(m_place.kind, Answer::file) || !fd) return Flow::wrong;
  return last({FrameKind::file, 0, pack_head(head), {}, std::move(fd)});
}

Flow NearReply::finish(std::uint32_t code, std::string reason) {
  if (!may_give(m_place.kind, Answer::chunks)) return Flow::wrong;
  Packer fields;
  fields.number(code);
  return last({FrameKind::finish, 0, fields.done(), reason.substr(0, most_words), {}});
}

Flow NearReply::begin(Head head) {
  if (!may_give(m_place.kind, Answer::head)) return Flow::wrong;
  const std::lock_guard lock(m_mutex);
  if (m_ended) return Flow::wrong;
  if (m_cancelled) return Flow::gone;
  m_place.link->send({FrameKind::begin, m_place.call, pack_head(head), {}, {}});
  return Flow::ok;
}

Flow NearReply::chunk(Chunk chunk) {
  if (!may_give(m_place.kind, Answer::chunks)) return Flow::wrong;
  const std::lock_guard lock(m_mutex);
  if (m_ended) return Flow::wrong;
  if (m_cancelled) return Flow::gone;
  m_on_the_way += weight_of(chunk.bytes.size());
  m_full = m_full || m_on_the_way >= m_place.window;
  if (!m_place.link->send(pack_chunk(FrameKind::chunk, m_place.call, std::move(chunk)))) return Flow::gone;
  return m_full ? Flow::full : Flow::ok;
}

Flow NearReply::wait() {
  std::unique_lock lock(m_mutex);
  if (!m_place.loop.here()) m_room.wait(lock, [this] { return !m_full || m_cancelled || m_ended; });
  if (m_cancelled || m_ended) return Flow::gone;
  return m_full ? Flow::full : Flow::ok;
}

void NearReply::handed_over() {
  {
    const std::lock_guard lock(m_mutex);
    if (std::exchange(m_ended, true)) return;
  }
  m_room.notify_all();
  m_when_ended();
}

bool NearReply::cancelled() const {
  const std::lock_guard lock(m_mutex);
  return m_cancelled;
}

void NearReply::mark_cancelled() {
  {
    const std::lock_guard lock(m_mutex);
    m_cancelled = true;
  }
  m_room.notify_all();
}

bool NearReply::consumed(std::uint64_t weight) {
  {
    const std::lock_guard lock(m_mutex);
    m_on_the_way -= std::min(weight, m_on_the_way);
    if (!m_full || m_on_the_way > m_place.window / 2) return false;
    m_full = false;
    if (m_ended || m_cancelled) return false;
  }
  m_room.notify_all();
  return true;
}

}  // namespace berth::loader
