// What the browser has too much of for one message, a PDF, a trace: it is read piece by piece.
#pragma once

#include <string>

#include "cdp.hpp"
#include "task.hpp"

namespace browser {

// All of it, and it is closed, whatever comes of it. `what`: "the trace". Throws 413 file_too_large.
Task<std::string> read_stream(Patience& patience, std::shared_ptr<Cdp> cdp, std::string session, std::string handle,
                              std::size_t most, std::string what, std::string hint);

}  // namespace browser
