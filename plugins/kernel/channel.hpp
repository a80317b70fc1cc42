// Messages with descriptors over a Unix socket that never waits.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <berth/fd.hpp>

namespace kernel {

struct Pair {
  berth::Fd mine, theirs;
};
// `kind` is SOCK_STREAM or SOCK_SEQPACKET. Ours never waits, and tells who wrote; theirs may. Throws Error(503) if
// there are no more descriptors.
Pair socket_pair(int kind);
// A pipe: we read, without waiting.
Pair pipe_from();
// A pipe of which we hold the end that is written.
Pair pipe_to();

enum class Got { something, nothing_yet, end };
struct Received {
  Got got = Got::nothing_yet;
  pid_t sender = 0;  // that the kernel vouches for; 0: it said nothing
  bool cut = false;  // a message or its descriptors did not fit
};
// Room of a thread's own to read into, at least so long, whose contents are anybody's: making a new one, zeroed, for
// each look costs more than what is mostly found.
char* room_of(std::size_t size);

// Appends to both.
Received receive(int socket, std::size_t most, std::string& bytes, std::vector<berth::Fd>& fds);

// How much of it was taken; nothing: the other end has gone, or there are more than 64 descriptors.
std::optional<std::size_t> send(int socket, std::string_view bytes, const std::vector<int>& fds = {});

// The pid that a pidfd stands for, as we see it; 0: it is none.
pid_t pid_of(int pidfd);
// SIGINT and its like. False: it could not be sent.
bool signal_pidfd(int pidfd, int number);

}  // namespace kernel
