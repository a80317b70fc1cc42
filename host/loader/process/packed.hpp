// What frames carry, packed and unpacked: requests, errors, heads of downloads, chunks, lines of the log. Both ends of
// a link use these and nothing else.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "loader/process/frame.hpp"
#include "loader/provider.hpp"
#include "loader/services/note.hpp"
#include "service/error.hpp"
#include "service/log.hpp"
#include "service/secret.hpp"

namespace berth::loader {

// Lends its input; its body's descriptor is a copy. Null: there was no room for that copy. The window is the weight of
// chunks that may be on their way.
std::optional<Frame> pack_request(std::uint64_t call, const Request& request, std::uint64_t window);
struct Arrived {
  Request request;
  std::uint64_t window = 0;
};
std::optional<Arrived> unpack_request(Frame frame);  // null: it is none

std::string pack_error(const service::Error& error);
service::Error unpack_error(std::string_view fields);

std::string pack_head(const Head& head);
Head unpack_head(std::string_view fields);

Frame pack_chunk(FrameKind kind, std::uint64_t call, Chunk chunk);
Chunk unpack_chunk(Frame frame);

Frame pack_line(service::Level level, std::string_view message, const service::Log::Fields& fields);
void write_log(service::Log& log, std::string_view plugin, const Frame& line);

// A service's note, about a call perhaps (otherwise 0), whose number is the frame's.
Frame pack_note(FrameKind kind, std::uint64_t call, Note note);
std::optional<Note> unpack_note(Frame frame);

// Secrets travel in a file of memory that has no name, and pass through no buffer of the link's.
service::UniqueFd pack_secrets(const service::SecretSet& secrets);
service::SecretSet unpack_secrets(const service::UniqueFd& file);

// What a chunk counts for in the book of how much a client has not taken yet.
inline std::size_t weight_of(std::size_t bytes) { return bytes + 64; }

}  // namespace berth::loader
