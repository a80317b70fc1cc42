// Commands whose caller waits: for the answer, or as a stream of events.
#pragma once

#include <berth/call.hpp>

#include <functional>
#include <memory>

#include "run.hpp"

namespace shell {

class Seat;

// Throw berth::Error.
void answer_command(const Tools& tools, const std::shared_ptr<Seat>& seat, const Ask& ask, const berth::Call& call);
void stream_command(const Tools& tools, const std::shared_ptr<Seat>& seat, const Ask& ask, const berth::Call& call);

// For what the shell itself wants to know. `then` is told, and what it throws answers the call.
using Answered = std::function<void(const Outcome&, const std::string& errors)>;
void ask_bash(const Tools& tools, const std::shared_ptr<Seat>& seat, Ask ask, const berth::Call& call, Answered then);

}  // namespace shell
