// A message of the protocol as it came: where its parts lie, and nothing of them read, so that what is megabytes large
// goes on to a client without having been JSON in between.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>

namespace browser {

struct Envelope {
  std::uint64_t id = 0;                    // of the command that is answered; 0: an event
  std::string_view method, session;        // without their quotes
  std::string_view params, result, error;  // JSON
};

// Of what a browser writes, which is JSON. Nothing if it is no object.
std::optional<Envelope> envelope_of(std::string_view text);

// All of a message. Pages have texts that no UTF-8 can say, halves of a pair ("\ud800"), which JSON's readers refuse:
// those become U+FFFD. Discarded if it is no JSON even so.
nlohmann::json read_message(std::string_view text);

}  // namespace browser
