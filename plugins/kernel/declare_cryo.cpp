// What the plugin says of namespaces in files.
#include "answers.hpp"
#include "plugin.hpp"
#include "schemas.hpp"

namespace kernel {

using namespace berth;

namespace {

Field path() {
  return berth::optional("path", berth::string()
                                     .min_length(1)
                                     .max_length(4096)
                                     .otherwise("output/state.cryo")
                                     .describe("Of the file, in the workspace"));
}

Field names(const char* name, const char* what) {
  return berth::optional(name, array(berth::string().min_length(1).max_length(300)).max_items(1000).describe(what));
}

Field timeout() {
  return berth::optional("timeout", number().minimum(0.1).maximum(1800).otherwise(300).describe("Seconds"));
}

Schema left_out() { return array(anything()).describe("`name`, `reason`, of a variable also its `type`"); }

}  // namespace

void Plugin::declare_cryo(Declaration& d) {
  d.post("cryo_store", "/cryo/store")
      .summary("Writes the kernel's variables into a file, each for itself")
      .description(
          "What cannot be written is in `left_out`, with the reason; everything else is kept all the same. The file is "
          "there whole or not at all: a crash leaves the one of before. Waits for the cell that runs.")
      .input(
          object({in_body(), path(), names("include", "Only these: names, or patterns with * and ?"),
                  names("exclude", "All but these"),
                  berth::optional("history", boolean().otherwise(false).describe("`In` and `Out`, too")), timeout()}))
      .output(object({field("path", string()), field("bytes", integer()), field("count", integer()),
                      field("stored", array(anything()).describe("`name`, `type`, `how`, `bytes`")),
                      field("left_out", left_out()), field("notes", array(anything())), field("timing_ms", number())}))
      .concurrent()
      .handle(&Plugin::cryo_store);
  d.post("cryo_reload", "/cryo/reload")
      .summary("Brings the variables of a file back into the kernel")
      .description(
          "Reloading runs what is in the file, as a cell would: in the session's jail, with its rights. `replace`: "
          "afterwards there is what the file has; `merge`: and what was there before. What could not be loaded is in "
          "`failed`; versions of Python and packages that are others now are in `mismatch`.")
      .input(
          object({in_body(), path(), names("include", "Only these: names, or patterns with * and ?"),
                  names("exclude", "All but these"),
                  berth::optional("mode", berth::string().one_of({"replace", "merge"}).otherwise("replace")),
                  berth::optional("strict", boolean().otherwise(false).describe("All of it or nothing: 409 `damaged`")),
                  berth::optional("map", boolean().otherwise(false).describe(
                                             "Large arrays are mapped and not read; nobody may then shorten the file")),
                  timeout()}))
      .output(object({field("path", string()), field("mode", string()), field("count", integer()),
                      field("loaded", array(string())), field("failed", left_out()), field("whole", boolean()),
                      field("mismatch", array(anything()).describe("`what`, `stored`, `now`")),
                      field("notes", array(anything())), field("timing_ms", number())}))
      .destructive()
      .concurrent()
      .handle(&Plugin::cryo_reload);
  d.get("cryo_look", "/cryo")
      .summary("What a file of variables has, without loading any")
      .description("The kernel reads it, and is started for that if need be; while a cell runs it is 409 `busy`.")
      .input(object({in_body(), path()}))
      .output(object({field("path", string()), field("bytes", integer()), field("whole", boolean()),
                      field("header", anything()), field("records", array(anything())),
                      field("damaged", array(anything()))}))
      .read_only()
      .concurrent()
      .handle(&Plugin::cryo_look);
}

}  // namespace kernel
