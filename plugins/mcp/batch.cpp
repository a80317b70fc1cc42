// What a body holds: one message, or in 2025-03-26 alone a batch of them, whose answers are the events of one stream.
#include <utility>

#include "plugin.hpp"

namespace mcp {

namespace {
constexpr std::size_t most_of_a_batch = 100;
constexpr std::string_view with_batches = "2025-03-26";
}  // namespace

// False, and answered, if the body is no JSON.
bool Plugin::read(const berth::Call& call, Json& json) {
  if (parse(call.http().content, json)) return true;
  refuse(call, nullptr, {parse_error, "the body is no JSON, or nested too deep"}, true);
  return false;
}

// Nothing, and answered, if it is no message.
std::optional<Message> Plugin::read_one(const berth::Call& call, Json json) {
  Message message = read_message(std::move(json));
  if (message.kind != Message::Kind::wrong) return message;
  refuse(call, message.id, message.wrong, true);
  return std::nullopt;
}

void Plugin::batch(const berth::Call& call, const Selection& selection, Json messages,
                   const std::shared_ptr<Session>& session) {
  if (session->client().version != with_batches)
    return refuse(call, nullptr, {invalid_request, "this revision has no batches: send one message at a time"}, true);
  if (messages.empty() || messages.size() > most_of_a_batch)
    return refuse(call, nullptr, {invalid_request, "a batch has 1 to 100 messages"}, true);
  std::vector<Message> all;
  std::size_t awaited = 0;
  for (auto& one : messages) {
    all.push_back(read_message(std::move(one)));
    const auto kind = all.back().kind;
    if (kind == Message::Kind::request || kind == Message::Kind::wrong) ++awaited;
  }
  const bool is_sse = session->listening && session->listening->shared();
  std::shared_ptr<Stream> stream = is_sse ? session->listening : nullptr;
  if (!is_sse && awaited > 0) {
    Stream::Style style = session->style();
    style.awaited = awaited;
    stream = std::make_shared<Stream>(m_lock, style);
    session->keep(stream);
    remember(stream);
    stream->attach(call);
    stream->open();
  }
  const Viewer viewer{call.caller(), scope_of(call.scope())};
  for (auto& one : all) one_of_batch({call, std::move(one), {}, viewer, selection, session, stream, true});
  if (is_sse || awaited == 0) Request{call, {}, {}, viewer, selection, session, nullptr}.accept();
}

void Plugin::one_of_batch(Request request) {
  const Message& message = request.message;
  if (message.kind == Message::Kind::wrong) return request.shared->answer(error_text(message.id, message.wrong));
  if (message.kind == Message::Kind::response) {
    request.session->responded(request.call, message);
    return;
  }
  if (message.method == "initialize")
    return refuse(request, {invalid_request, "initialize is a message of its own, and no part of a batch"});
  in_session(request);
}

}  // namespace mcp
