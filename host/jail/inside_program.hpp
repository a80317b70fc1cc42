// The small program that runs inside jails, as a sealed memory file, and how its roles are started.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "service/error.hpp"
#include "service/unique_fd.hpp"

namespace berth::jail {

class InsideProgram {
 public:
  static service::Result<InsideProgram> make();

  // A child of this process that finds `first` at 3 and 4 and `rest` from 6 on; 5 is the program.
  struct Start {
    std::string role;
    std::vector<int> first, rest;
    std::vector<std::string> arguments;
    int output = -1;  // -1: nowhere
  };
  service::Result<pid_t> start(const Start& what) const;

 private:
  explicit InsideProgram(service::UniqueFd file) : m_file(std::move(file)) {}
  service::UniqueFd m_file;
};

// Waits for the end of a child that is about to end, or has; true: with exit code 0.
bool reap(pid_t child);

}  // namespace berth::jail
