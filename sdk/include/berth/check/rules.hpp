// What abi.h asks of a plugin, one rule a name, and the plugin's breaches of them. CheckedHost watches the rules;
// tests and berth-check read the breaches.
#ifndef BERTH_CHECK_RULES_HPP
#define BERTH_CHECK_RULES_HPP

#include <berth/json_text.hpp>
#include <berth/plugin.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace berth::check {

struct Breach {
  std::string rule;       // a stable_word, see advice_for()
  std::string operation;  // whose call it was; empty: none's
  std::string what;       // what happened, in words
};

// How to keep a rule. Empty for a word that is no rule.
inline std::string advice_for(std::string_view rule) {
  struct Known {
    std::string_view rule, advice;
  };
  static constexpr Known known[] = {
      {"late_answer", "answer each call once: one of send, fail, file, finish"},
      {"unknown_call", "keep the call's number as it came in berth_request"},
      {"late_chunk", "send nothing more once a call is ended"},
      {"wrong_answer", "call, upload: send; download: file, or begin, chunk, finish; stream, socket: chunk, finish"},
      {"no_begin", "say begin() before the first piece of a download"},
      {"second_begin", "say begin() once"},
      {"after_gone", "stop and end the call when chunk() says BERTH_GONE"},
      {"past_full", "after BERTH_FULL send no more until drained(), or wait() in a blocking operation"},
      {"wait_outside", "declare the operation blocking, or go on in drained() instead of wait()"},
      {"bad_json", "send() takes one JSON value in UTF-8, of at most 64 levels"},
      {"bad_text", "text is UTF-8; send bytes that are none as a binary message or a download"},
      {"bad_failure", "a failure has a status of 400 to 599, a code of a-z 0-9 _ and a message"},
      {"bad_head", "a download's type, name and etag are one line of UTF-8 each"},
      {"bad_close_code", "a socket's close code is 0, 1000, or 3000 to 4999"},
      {"bad_struct", "set a struct's size to its sizeof, and pass no null pointer"},
      {"bad_file", "file() takes an open descriptor of a regular file that can be read"},
      {"closed_body", "the uploaded body is the host's to close"},
      {"after_destroy", "stop and join every thread before destroy() returns"},
      {"refuse_outside", "refuse() is for create(); a call is refused with fail()"},
      {"bad_log", "the fields of a log line are a JSON object"},
      {"left_open", "watch for cancel(), and end each call soon after it"},
      {"threw", "let no exception out of a function of berth_plugin; the SDK's plugin.hpp sees to that"},
  };
  for (const auto& one : known)
    if (one.rule == rule) return std::string(one.advice);
  return {};
}

inline bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t size = detail::character_size(text);
    if (size == 0) return false;
    text.remove_prefix(size);
  }
  return true;
}

inline bool is_line(std::string_view text) {
  for (const char c : text)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return false;
  return is_utf8(text);
}

inline bool is_word(std::string_view text) {
  for (const char c : text)
    if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '_') return false;
  return !text.empty();
}

// For a report: short, and without controls.
inline std::string shown(std::string_view text, std::size_t at_most = 80) {
  std::string out;
  for (const char c : text.substr(0, at_most)) out += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? '?' : c;
  while (!is_utf8(out) && text.size() > at_most && out.size() + 4 > at_most) out.pop_back();
  for (std::size_t at = 0; at < out.size();) {
    const std::size_t size = detail::character_size(std::string_view(out).substr(at));
    if (size == 0) out[at] = '?';
    at += size == 0 ? 1 : size;
  }
  return text.size() > at_most ? out + "…" : out;
}

inline int depth_of(std::string_view json) {  // of nesting; of a text that is JSON
  int depth = 0, deepest = 0;
  bool inside = false;
  for (std::size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    if (inside) {
      if (c == '\\') ++i;
      if (c == '"') inside = false;
    } else if (c == '"') {
      inside = true;
    } else if (c == '[' || c == '{') {
      deepest = deepest < ++depth ? depth : deepest;
    } else if (c == ']' || c == '}') {
      --depth;
    }
  }
  return deepest;
}

// What is wrong with an answer's text; empty: nothing.
inline std::string flaw_of_json(std::string_view json) {
  if (depth_of(json) > 64) return "JSON of more than 64 levels";
  return Json::accept(json.begin(), json.end()) ? std::string() : "no JSON: " + shown(json);
}

inline std::string flaw_of_failure(const berth_failure& why) {
  if (why.status < 400 || why.status > 599) return "a failure with status " + std::to_string(why.status);
  if (!is_word(detail::copy(why.code))) return "a failure whose code is \"" + shown(detail::copy(why.code)) + "\"";
  if (why.message.size == 0) return "a failure without a message";
  if (!is_utf8(detail::copy(why.message)) || !is_utf8(detail::copy(why.hint)))
    return "a failure whose text is no UTF-8";
  return {};
}

}  // namespace berth::check

#endif
