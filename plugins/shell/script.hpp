// How a command is given to bash, and how what it changed comes back.
#pragma once

#include <berth/fd.hpp>
#include <berth/service/process.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "state.hpp"

namespace shell {

struct Ask {                             // what is to be run
  std::string command;                   // for bash
  std::vector<std::string> argv;         // or this program, without a shell
  std::optional<std::string> input;      // without: it is empty
  std::chrono::milliseconds timeout{0};  // 0: none
  std::string folder = {};               // that it begins in; empty: the state's
  bool learns = true;                    // what it changes is kept
};

// A plan, and the descriptors that it names: open until the program has been asked for.
struct Errand {
  berth::Plan plan;
  berth::Fd told, command;
};
Errand errand_of(const Ask& ask, const State& state);  // throws berth::Error(503)
// What bash has written down there so far: at its begin, if the state was not known then, and at its end.
std::vector<Snapshot> read_told(const berth::Fd& told);

// A terminal's bash. It begins with the state, and what it changes is its own.
berth::Plan terminal_plan(const State& state, std::uint16_t rows, std::uint16_t columns);

std::string as_word(std::string_view text);  // as one word of bash

}  // namespace shell
