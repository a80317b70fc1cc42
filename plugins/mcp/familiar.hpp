// Tools under the names and with the arguments that clients of other servers know, on operations of ours: what another
// server's client sends becomes the input of an operation, and its answer what that client expects to read.
#pragma once

#include <berth/call_parts.hpp>

#include <optional>
#include <string>
#include <vector>

#include "message.hpp"

namespace mcp {

struct Step {  // a call of an operation; or "ask", and what is known of scripts: "script.keep" …
  std::string operation;
  Json input;
};

struct Familiar {
  const char *group, *name, *operation, *title, *about;
  Json input;
  Json hints;                                          // as MCP has them
  std::vector<Json> (*inputs)(const Json& arguments);  // of the operation, one call after the other; null: `next` says
  Json (*result)(const Json& arguments,
                 const Json& all);  // of a tool; `all`: the answers, or {"failed": why} of several
  bool says_content = false;        // its structured content is {content: text}
  // What is called once there are these answers; nothing: that was all. Throws what its client is to read.
  std::optional<Step> (*next)(const Json& arguments, const Json& all) = nullptr;
  const char* unless = nullptr;  // the code of a failure that is an answer like another: {"failed": why}
};

// Of either kind; `inputs`: what its `inputs` are.
std::optional<Step> step_of(const Familiar& tool, const Json& arguments, const std::vector<Json>& inputs,
                            const Json& all);

// All of them, for as long as the process lives.
const std::vector<Familiar>& familiar_tools();
std::vector<Familiar> filesystem_tools();
std::vector<Familiar> linux_tools();
std::vector<Familiar> script_tools();
std::vector<Familiar> playwright_hands();
std::vector<Familiar> playwright_looks();
std::vector<Familiar> playwright_more();
std::vector<Familiar> browser_use_tools();

std::string text_in(const Json& of, const char* name);  // empty: it has none
const Json& list_in(const Json& of, const char* name);  // empty: it has none
Json told(const std::string& text);                     // a tool's result

// Throws what its client is to read: something is missing, or it is meant for another machine than this one.
void check(const Familiar& tool, const Json& arguments);
// What came of it, and behind it which arguments nothing was done about.
Json with_left_out(const Familiar& tool, const Json& arguments, Json result);
// As its clients call what it speaks of: browser_handle_dialog, and not browser.answer_dialog.
berth::Error in_words_of(const Familiar& tool, const berth::Error& error);

// An object's schema: fields {name, type, what it is}; those that are required first, a '*' before their names.
struct KnownField {
  const char *name, *type, *about;
  Json more = Json::object();
};
Json known_input(std::initializer_list<KnownField> fields);

}  // namespace mcp
