// What could be left of a session that has ended, looked for and not guessed.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace berth::session {

// Processes below this one, of that user and the one after it: "process 17 of user 2000000000".
void append_processes(std::vector<std::string>& left, uid_t user);
// Mounts at that path or below it, as this process sees them.
void append_mounts(std::vector<std::string>& left, const std::string& folder);

}  // namespace berth::session
