// Nothing of a message is looked at before its signature is: until then it is bytes, of which there are not too many.
// What is published is signed with the same key, and may be heard by those who do not have it: none of it is taken
// back, but on a connection of two.
#include "message.hpp"

#include <chrono>
#include <cstdio>
#include <ctime>
#include <iterator>
#include <utility>

#include "fields.hpp"
#include "frames.hpp"

namespace kernel::wire {

using berth::Json;

namespace {

constexpr std::string_view delimiter = "<IDS|MSG>";
constexpr std::size_t signed_parts = 4;

std::string now() {
  const auto since = std::chrono::system_clock::now().time_since_epoch();
  const auto micros = std::chrono::duration_cast<std::chrono::microseconds>(since).count();
  const std::time_t seconds = micros / 1'000'000;
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  char text[40];
  const auto size = std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &parts);
  std::snprintf(text + size, sizeof text - size, ".%06dZ", static_cast<int>(micros % 1'000'000));
  return text;
}

bool object_in(const std::string& text, Json& to) {
  auto read = parse_object(text);
  if (read) to = std::move(*read);
  return read.has_value();
}

// False: there is none, or too long a one, and `to` is nothing to go by.
bool short_text(const Json& from, const char* name, std::string& to) {
  const Json value = field(from, name);
  if (!value.is_string()) return false;
  to = value.get<std::string>();
  return !to.empty() && to.size() <= Codec::longest_name;
}

// Behind the envelope; where there is none, anywhere behind what one may have.
std::size_t delimiter_in(const Frames& frames) {
  std::size_t at = 0;
  while (at < frames.size() && at <= Codec::most_envelope && frames[at] != delimiter) ++at;
  return at;
}

}  // namespace

Codec::Codec(const std::string& key, Between between)
    : m_signer(key, between == Between::two ? 0 : Signer::most_known),
      m_between(between),
      m_session(new_key().substr(0, 32)) {}

const char* Codec::read(Frames frames, Message& to) {
  if (frames.size() > most_frames) return "it has too many frames";
  std::size_t bytes = 0;
  for (const auto& one : frames) bytes += one.size();
  if (bytes > most_bytes) return "it is too large";
  const std::size_t at = delimiter_in(frames);
  if (at > most_envelope || at >= frames.size()) return "it has no delimiter";
  if (frames.size() < at + 2 + signed_parts) return "it has too few frames";
  std::string* const parts = &frames[at + 2];
  if (parts[0].size() > most_header || parts[1].size() > most_header) return "its header is too large";
  if (m_between == Between::many && parts[2].size() + parts[3].size() > most_signed) return "its content is too large";
  switch (m_signer.judge(frames[at + 1], {parts[0], parts[1], parts[2], parts[3]})) {
    case Signer::Verdict::wrong: return "its signature is wrong";
    case Signer::Verdict::known: return "its signature was seen before";
    default: break;
  }
  Json header, parent;
  if (!object_in(parts[0], header) || !object_in(parts[1], parent) || !object_in(parts[2], to.metadata) ||
      !object_in(parts[3], to.content))
    return "a part of it is no JSON object";
  if (!short_text(header, "msg_type", to.type) || !short_text(header, "msg_id", to.id))
    return "its header has no msg_type or no msg_id";
  if (m_between == Between::many && field(header, "session") == m_session) return "it is one that was said here";
  short_text(parent, "msg_id", to.parent);
  to.header = std::move(parts[0]);
  to.bytes = bytes;
  const auto begin = std::make_move_iterator(frames.begin());
  const auto first = static_cast<std::ptrdiff_t>(at);
  to.buffers.assign(begin + first + 2 + signed_parts, std::make_move_iterator(frames.end()));
  to.from.assign(begin, begin + first);
  return nullptr;
}

Frames Codec::write(Frames to, const Saying& saying) {
  ++m_last;
  std::string header = berth::json_text({{"msg_id", last_id()},
                                         {"msg_type", saying.type},
                                         {"session", m_session},
                                         {"username", "berth"},
                                         {"date", now()},
                                         {"version", "5.3"}});
  std::string metadata = berth::json_text(saying.metadata), content = berth::json_text(saying.content);
  to.emplace_back(delimiter);
  to.push_back(m_signer.sign({header, saying.parent, metadata, content}));
  to.push_back(std::move(header));
  to.push_back(saying.parent);
  to.push_back(std::move(metadata));
  to.push_back(std::move(content));
  for (const auto& one : saying.buffers) to.push_back(one);
  return to;
}

}  // namespace kernel::wire
