// The shapes of the answers, for whoever reads the manifest.
#pragma once

#include <berth/schema.hpp>

namespace shell::answers {

using namespace berth;

inline Schema or_null(const char* type) { return Schema(Json{{"type", Json::array({type, "null"})}}); }

inline Schema command() {
  return object({field("status", string().one_of({"completed", "failed", "timeout", "killed", "running"})),
                 field("cwd", string().describe("The folder that the next command begins in")),
                 berth::optional("stdout", string()), berth::optional("stderr", string()),
                 berth::optional("returncode", or_null("integer").describe("Of a signal its number, negative")),
                 berth::optional("timing_ms", number()), berth::optional("timed_out", boolean()),
                 berth::optional("truncated",
                                 boolean().describe("The middle of the output is left out: the text says where it is")),
                 berth::optional("state_kept", boolean().describe("What it did to folder and environment is kept")),
                 berth::optional("reason", string().describe("Of an end that was not its own")),
                 berth::optional("id", string().describe("Of the process, where it runs in the background"))});
}

inline Schema process(bool output) {
  Schema schema = object(
      {field("id", string()), field("status", string().one_of({"running", "completed", "failed", "timeout", "killed"})),
       field("cwd", string().describe("Where it began")), field("started_at", string()),
       field("returncode", or_null("integer")), field("timing_ms", number()), field("timed_out", boolean()),
       field("stdout_bytes", integer().describe("That it has written")), field("stderr_bytes", integer()),
       berth::optional("command", string()), berth::optional("argv", array(string())),
       berth::optional("reason", string())});
  if (!output) return schema;
  Json json = schema.json();
  json["properties"].update(
      {{"stdout", string().json()}, {"stderr", string().json()}, {"truncated", boolean().json()}});
  return Schema(std::move(json));
}

inline Schema terminal() {
  return object({field("terminal", string()), field("rows", integer()), field("columns", integer()),
                 field("viewers", integer()), field("output_bytes", integer()),
                 berth::optional("output", string().describe("The last of it, with its escape sequences"))});
}

}  // namespace shell::answers
