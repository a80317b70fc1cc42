// What a plugin says of itself, read from NAME.berth.json without running any of its code, and checked to the last
// field.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "loader/own_jail_rules.hpp"
#include "service/error.hpp"
#include "session/tokens.hpp"

namespace berth::loader {

enum class Kind { call, stream, upload, download, socket, http };
std::optional<Kind> parse_kind(std::string_view text);
std::string_view name_of(Kind kind);

struct Operation {
  std::string name;                  // "clock.now": words of a-z 0-9 _, joined by dots, the first one the plugin's name
  std::string summary;               // one line
  std::string description;           // Markdown, may be empty
  std::string method;                // GET POST PUT PATCH DELETE
  std::vector<std::string> methods;  // http: others that it answers, too
  std::vector<std::string> headers;  // http: the fields that it sees, in small letters; "mcp-*": all that begin so
  std::string path;  // "/clock/{zone}"; the last segment may be "{name...}" and then takes the rest of the path
  Kind kind = Kind::call;
  session::Scope scope = session::Scope::run;
  bool concurrent = false;  // may run beside other calls into the instance
  bool blocking = false;    // runs on a thread of its own
  bool resumable = false;   // streams: lives on for a while when its client is gone, and replays what it missed
  bool announced = false;   // uploads: called before the body is taken in, too
  std::vector<std::string> in_status;  // fields of its answer that GET /status has, too
  bool read_only = false, destructive = false, idempotent = false, open_world = false;  // hints for LLM clients
  nlohmann::json input;                                                                 // JSON Schema of an object
  nlohmann::json output;       // JSON Schema; null if not declared
  nlohmann::json smoke;        // what a newly loaded one is called with before it takes over; null: it is not
  std::uint64_t max_body = 0;  // 0: the host's limit for its kind
  std::vector<std::string> tags;
  bool about_sessions = false;  // of the host's own: over a session, which may be no more, and no call in it
};
bool is_hosts_path(std::string_view segment);  // the first one of a path of its own: of no plugin's
bool is_hosts_name(std::string_view name);     // its operations, events or paths begin so: no plugin's

// Something outside of Berth that the plugin wants on the machine.
struct Need {
  enum class What { program, file, library };
  What what = What::program;
  std::string name;  // "tectonic", "/usr/share/…", "libfoo.so.1"
  std::string why;
  std::string get;  // the command that gets it
  bool optional = false;
};

struct Manifest {
  unsigned abi_major = 0, abi_minor = 0;
  std::string name, version, summary;
  std::vector<Operation> operations;
  nlohmann::json config;              // JSON Schema of an object; null: takes none
  std::vector<std::string> services;  // ids that it asks the host for
  std::vector<Need> needs;
  JailWish jail = {};        // of its own
  bool own_process = false;  // it asks for a process of its own, wherever it comes from
  std::string sha256;        // of the library, 64 digits; empty in the text that the code carries

  // code "bad_manifest", with the place in the message. At most 1 MiB of text. Safe on hostile text.
  static service::Result<Manifest> parse(std::string_view json);
};

// The text of NAME.berth.json for a library whose code carries `in_code`, byte for byte as berth-manifest prints it.
std::string text_with_digest(std::string_view in_code, std::string_view sha256);

}  // namespace berth::loader
