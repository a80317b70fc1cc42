// The files of control groups, which are small and answer at once.
#pragma once

#include <string>
#include <string_view>

namespace berth::jail {

std::string read_small(const std::string& path);                     // empty if it cannot be read
int write_small(const std::string& path, std::string_view content);  // 0, or -1 with errno
bool contains_word(std::string_view text, std::string_view word);
std::string start_time(const std::string& pid);  // of a process, in the kernel's ticks; empty: there is none
// Names of what a host leaves behind if it is killed begin with "PID-START-", which tells whether it still lives.
std::string host_mark();
bool host_lives(const std::string& name);
void kill_group(const std::string& folder);    // all processes in it, once
bool remove_group(const std::string& folder);  // with what is in it; not for ever

}  // namespace berth::jail
