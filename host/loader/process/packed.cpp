// The order of the packed fields; the two functions of a pair stand beside each other.
#include "loader/process/packed.hpp"

#include <fcntl.h>

#include <algorithm>
#include <utility>

#include "service/text.hpp"

namespace berth::loader {

using service::Error;
using service::Level;

namespace {
constexpr std::size_t longest_word = 16u << 10;  // of an error, and of what a line of the log consists of
constexpr std::size_t longest_mark = 1024;       // an event's name or id, which weigh nothing

std::string_view bounded(std::string_view text) { return text.substr(0, longest_word); }
}  // namespace

std::optional<Frame> pack_request(std::uint64_t call, const Request& request, std::uint64_t window) {
  const session::Asker& asker = *request.asker;
  Packer fields;
  fields.number(window)
      .number(request.operation)
      .number(request.body_size)
      .number(static_cast<std::uint64_t>(asker.who.scope));
  for (const std::string* text :
       {&asker.who.name, &asker.session, &asker.request_id, &asker.traceparent, &request.last_event_id,
        &request.body_type, &request.body_name, &request.http.method, &request.http.fields})
    fields.text(*text);
  fields.number(request.input.size());
  Frame frame{FrameKind::invoke, call, fields.done(), {}, {}, request.input};
  if (!request.http.content.empty()) {
    frame.lent = {};
    frame.data = request.input + request.http.content;
  }
  if (!request.body) return frame;
  frame.fd = service::UniqueFd(::fcntl(request.body.get(), F_DUPFD_CLOEXEC, 3));
  if (!frame.fd) return std::nullopt;
  return frame;
}

std::optional<Arrived> unpack_request(Frame frame) {
  Unpacker fields(frame.fields);
  Arrived arrived;
  Request& request = arrived.request;
  arrived.window = fields.number();
  const auto asker = std::make_shared<session::Asker>();
  request.operation = static_cast<std::uint32_t>(fields.number());
  request.body_size = fields.number();
  const auto scope = fields.number();
  if (scope > static_cast<std::uint64_t>(session::Scope::admin)) return std::nullopt;
  asker->who.scope = static_cast<session::Scope>(scope);
  for (std::string* text :
       {&asker->who.name, &asker->session, &asker->request_id, &asker->traceparent, &request.last_event_id,
        &request.body_type, &request.body_name, &request.http.method, &request.http.fields})
    *text = fields.text();
  const auto input_size = fields.number();
  if (!fields.done() || input_size > frame.data.size()) return std::nullopt;
  request.asker = asker;
  request.http.content = frame.data.substr(input_size);
  frame.data.resize(input_size);
  request.input = std::move(frame.data);
  request.body = std::move(frame.fd);
  return arrived;
}

std::string pack_error(const Error& error) {
  Packer fields;
  fields.number(static_cast<std::uint64_t>(error.status)).text(bounded(error.code));
  fields.text(bounded(error.message)).text(bounded(error.hint));
  fields.number(error.retry_after ? static_cast<std::uint64_t>(error.retry_after->count()) : 0);
  return fields.done();
}

// From a process that may say anything.
Error unpack_error(std::string_view packed) {
  Unpacker fields(packed);
  Error error;
  const auto status = fields.number();
  error.status = status >= 400 && status <= 599 ? static_cast<int>(status) : 500;
  error.code = fields.text();
  error.message = fields.text();
  error.hint = fields.text();
  const auto seconds = std::min<std::uint64_t>(fields.number(), 86'400);
  if (seconds > 0) error.retry_after = std::chrono::seconds(seconds);
  if (error.code.empty()) error.code = "plugin_error";
  return error;
}

std::string pack_head(const Head& head) {
  Packer fields;
  fields.text(head.type).text(head.name).text(head.etag).number(head.page ? 1 : 0);
  fields.number(static_cast<std::uint64_t>(head.status)).text(head.fields).number(head.whole ? 1 : 0);
  return fields.done();
}

Head unpack_head(std::string_view packed) {
  Unpacker fields(packed);
  Head head;
  head.type = fields.text();
  head.name = fields.text();
  head.etag = fields.text();
  head.page = fields.number() == 1;
  const auto status = fields.number();
  head.status = status >= 200 && status <= 599 ? static_cast<int>(status) : 200;
  head.fields = fields.text();
  head.whole = fields.number() == 1;
  return head;
}

Frame pack_chunk(FrameKind kind, std::uint64_t call, Chunk chunk) {
  Packer fields;
  fields.number(chunk.binary ? 1 : 0).text(chunk.event).text(chunk.id);
  return {kind, call, fields.done(), std::move(chunk.bytes), {}};
}

Chunk unpack_chunk(Frame frame) {
  Unpacker fields(frame.fields);
  Chunk chunk;
  chunk.binary = fields.number() == 1;
  chunk.event = fields.text();
  chunk.id = fields.text();
  if (chunk.event.size() > longest_mark) chunk.event.clear();
  if (chunk.id.size() > longest_mark) chunk.id.clear();
  chunk.bytes = std::move(frame.data);
  return chunk;
}

Frame pack_line(Level level, std::string_view message, const service::Log::Fields& fields) {
  Packer packed;
  packed.number(static_cast<std::uint64_t>(level)).number(fields.size());
  for (const auto& field : fields)
    packed.text(bounded(field.name)).text(bounded(field.value)).number(field.raw ? 1 : 0);
  return {FrameKind::log, 0, packed.done(), std::string(bounded(message)), {}};
}

// Values are quoted again unless they are plain numbers or truth values: a line must stay a line, whoever wrote it.
void write_log(service::Log& log, std::string_view plugin, const Frame& line) {
  constexpr std::size_t most = 64;
  Unpacker packed(line.fields);
  const auto level = static_cast<Level>(std::min<std::uint64_t>(packed.number(), 3));
  const auto count = std::min<std::uint64_t>(packed.number(), most);
  std::vector<std::string> names;
  names.reserve(count);
  service::Log::Fields fields;
  for (std::uint64_t i = 0; i < count && packed.good(); ++i) {
    names.push_back(packed.text());
    std::string value = packed.text();
    const bool raw = packed.number() == 1 && nlohmann::json::accept(value);
    for (const char* own : {"time", "level", "who", "message"}) {
      if (names.back() == own) names.back() += "_";
    }
    fields.push_back(raw ? service::Log::Field::json(names.back(), std::move(value))
                         : service::Log::Field(names.back(), std::move(value)));
  }
  log.write(level, plugin, line.data, fields);
}

}  // namespace berth::loader
