// systemd's journal, read from its files: without journalctl, and where nothing of systemd runs.
#pragma once

#include <berth/call.hpp>

#include <functional>
#include <string>
#include <vector>

namespace machine {

struct JournalAsked {
  std::string unit, since, priority, transport;
  std::size_t lines = 100;
};

// "err", "3", "emerg..warning"; the numbers from and to, or a problem.
std::pair<int, int> priorities_of(const std::string& text);

// The files of these folders and of those in them; none: there is no journal here.
std::vector<std::string> journal_files(const std::vector<std::string>& folders);

// The latest entries, the oldest of them first. It gives up when `gone` says so, or after some seconds.
berth::Json read_journal(const std::vector<std::string>& files, const JournalAsked& asked,
                         const std::function<bool()>& gone);

}  // namespace machine
