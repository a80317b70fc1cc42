// The shapes of the answers, for whoever reads the manifest.
#pragma once

#include <berth/schema.hpp>

namespace kernel::answers {

using namespace berth;

inline Schema or_null(const char* type) { return Schema(Json{{"type", Json::array({type, "null"})}}); }

inline Schema cell() {
  return object(
      {field("id", string()), field("kernel", string()),
       field("status", string().one_of({"completed", "failed", "timeout", "interrupted", "died"})),
       field("stdout", string()), field("stderr", string()),
       field("result", or_null("string").describe("The text of the last expression")),
       field("error", or_null("object").describe("`name`, `value`, `traceback`, `traceback_ansi`")),
       field(
           "outputs",
           array(anything())
               .describe(
                   "In order, each with its `type`: `name` and `text` of a stream; `data` by mime type, `metadata` and "
                   "`display_id` of the others")),
       field("execution_count", integer()), field("timing_ms", number()), field("timed_out", boolean()),
       field("truncated", boolean()), field("kernel_restarted", boolean().describe("Its variables are gone")),
       berth::optional("reason", string().describe("Of the end, or of the new worker")),
       berth::optional("checkpoint", string().describe("That was made before it")),
       berth::optional("checkpoint_error", string().describe("Why none was made")),
       berth::optional("payload", array(anything()).describe("What IPython asks its front end to do")),
       berth::optional("figures_left_out", integer())});
}

inline Schema kernel() {
  return object({field("kernel", string()),
                 field("engine", anything().describe("Its name; of a kernel's status an object: `name`, and more")),
                 field("state", string().one_of({"busy", "idle", "starting", "none"})), field("busy", boolean()),
                 field("pid", or_null("integer")), field("exec_count", integer()),
                 field("waiting", integer().describe("Cells behind what runs")), field("restarts", integer()),
                 field("checkpoint", string().describe("That its variables have come from; 0: none")),
                 berth::optional("path", string()), berth::optional("globals_count", or_null("integer")),
                 berth::optional("rss", anything().describe("Bytes")), berth::optional("threads", anything()),
                 berth::optional("cwd", anything()), berth::optional("seconds", anything())});
}

inline Schema kernels() { return object({field("kernels", array(kernel()))}); }

inline Schema reset() {
  return object({field("success", boolean()), field("message", string()),
                 field("data", object({field("old_pid", or_null("integer")), field("new_pid", integer()),
                                       field("old_connection_file", or_null("string")),
                                       field("new_connection_file", or_null("string"))}))});
}

inline Schema interrupt() {
  return object({field("success", boolean()), field("interrupted", boolean()), field("message", string())});
}

}  // namespace kernel::answers
