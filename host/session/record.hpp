// What is kept of a session on disk, as STATE/sessions/ID/session.json: all that a host that starts needs to have it
// again.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "service/error.hpp"
#include "session/asker.hpp"
#include "session/limits.hpp"

namespace berth::session {

struct Record {
  std::string id;
  std::string created;          // ISO 8601
  std::chrono::seconds ttl{0};  // it may be without a call for so long; 0: for ever
  Limits limits;                // main's are those of berth.lua
  std::map<std::string, std::string> labels;
  std::uint64_t turn = 0;  // the one that was opened last; 0: none yet
  uid_t user = 0;          // of its agent
  Scope scope = Scope::run;
  std::string sha256;          // of its token; empty: it has none
  bool had_processes = false;  // its jail was open when this was written
  std::string lost;            // when a host that started found that they had ended with the one before; empty: never

  std::string text() const;
  Token token() const;  // if it has one
  static service::Result<Record> parse(std::string_view id, std::string_view text);
};

// What a session may be called: 1 to 48 of a-z 0-9 _ -, of which the first is a letter or a digit.
bool is_session_id(std::string_view text);

}  // namespace berth::session
