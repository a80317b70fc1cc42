// What the plugin says of checkpoints.
#include "answers.hpp"
#include "plugin.hpp"
#include "schemas.hpp"

namespace kernel {

using namespace berth;

namespace {

Field which(const char* what) {
  return field("checkpoint", berth::string().pattern("^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$").describe(what).example("c1"));
}

constexpr const char* any_of_them = "Its id or its name; `last`: the kernel's newest; `0`: a fresh namespace";

Field random_numbers() {
  return berth::optional("random", berth::string()
                                       .one_of({"new", "kept"})
                                       .otherwise("new")
                                       .describe("Whether random generators are seeded anew, or go on as they were"));
}

Schema kept() {
  return object({field("checkpoint", string()), field("name", answers::or_null("string")), field("kernel", string()),
                 field("parent", string().describe("The checkpoint that it derives from; 0: a fresh namespace")),
                 field("automatic", boolean()), field("cells", integer().describe("That had run")),
                 field("time", string()), field("size", integer().describe("Bytes of memory, shared or not")),
                 field("own", answers::or_null("integer").describe(
                                  "Those of them that nothing else has, which its end gives back; null: not counted")),
                 field("warnings", array(anything()).describe("What it does not keep: `kind`, `what`")),
                 berth::optional("children", array(string())), berth::optional("timing_ms", number())});
}

}  // namespace

void Plugin::declare_checkpoints(Declaration& d) {
  d.post("checkpoint", "/checkpoints")
      .summary("Keeps the kernel's variables as they are now, in memory")
      .description(
          "Takes milliseconds, whatever the variables hold: a fork, which shares memory with the kernel until one of "
          "them changes it. Threads, child processes, sockets, files open for writing and open transactions cannot be "
          "kept: they are `warnings`, or with `strict` 409 `cannot_be_kept`. Folder and variables of the session's "
          "shell travel with it. Lost with the session or the host.")
      .input(object({in_body(),
                     berth::optional("name", berth::string()
                                                 .pattern("^[A-Za-z][A-Za-z0-9_.-]{0,63}$")
                                                 .describe("To be found by; ids are c1, c2, …")
                                                 .example("before-cleaning")),
                     berth::optional("strict", boolean().otherwise(false).describe("Refuse rather than warn")),
                     berth::optional("wait", boolean().otherwise(true).describe(
                                                 "For the cell that runs; otherwise a busy kernel is 409 `busy`")),
                     berth::optional("automatic", boolean().otherwise(false).describe(
                                                      "One of those of which the oldest makes room for the newest"))}))
      .output(kept())
      .concurrent()
      .handle(&Plugin::checkpoint);
  d.get("checkpoints", "/checkpoints")
      .summary("The session's checkpoints: each with its parent and its children")
      .description("`now`: which of them each kernel's variables derive from.")
      .input(object({berth::optional(
          "sizes", boolean().otherwise(false).describe("Count what each holds by itself: takes a while"))}))
      .output(object({field("checkpoints", array(kept())), field("now", anything())}))
      .read_only()
      .concurrent()
      .handle(&Plugin::checkpoints);
  d.post("restore", "/checkpoints/{checkpoint}/restore")
      .summary("Gives a kernel the variables of a checkpoint")
      .description(
          "What runs or waits in it is broken off. The checkpoint stays, and can be restored as often as you like. The "
          "session's shell gets the folder and the variables that it had; not from a fresh namespace (0).")
      .input(object({which(any_of_them),
                     berth::optional("kernel", kernel_id().describe("Which; otherwise the one that it was made of")),
                     random_numbers()}))
      .output(
          object({field("success", boolean()), field("message", string()), field("checkpoint", string()),
                  field("kernel", string()), field("timing_ms", number()),
                  field("data", object({field("old_pid", answers::or_null("integer")), field("new_pid", integer())})),
                  berth::optional("shell", string().describe("What of the shell's state could not be put back"))}))
      .destructive()
      .concurrent()
      .handle(&Plugin::restore);
  d.post("branch", "/checkpoints/{checkpoint}/branch")
      .summary("Makes a new kernel that begins with the variables of a checkpoint")
      .input(
          object({which(any_of_them), berth::optional("kernel", kernel_id().describe("Whose `last` is meant")),
                  berth::optional("name", kernel_id().describe("The new kernel's id; one is made if it is not given")),
                  random_numbers()}))
      .output(answers::kernel())
      .concurrent()
      .handle(&Plugin::branch);
  d.del("checkpoint_delete", "/checkpoints/{checkpoint}")
      .summary("Ends a checkpoint; what was derived from it stays")
      .input(object({which("Its id or its name")}))
      .destructive()
      .concurrent()
      .handle(&Plugin::forget_checkpoint);
}

}  // namespace kernel
