// What one line of the log looks like, as JSON for a machine or as text for a person at a terminal.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "service/log.hpp"

namespace berth::service {

struct LogEvent {
  std::chrono::system_clock::time_point at;
  Level level;
  std::string_view who, message;
};

std::string_view name_of(Level level);
void append_json_line(std::string& to, const LogEvent& event, const Log::Fields& fields);
// Local time. Nothing that a terminal obeys or that turns text around gets through.
void append_readable_line(std::string& to, const LogEvent& event, const Log::Fields& fields, bool colour);

}  // namespace berth::service
