// What the plugin says of itself. The words are for people and for LLM clients alike: each description has what one
// cannot guess.
#include "plugin.hpp"

#include "answers.hpp"
#include "schemas.hpp"

namespace kernel {

using namespace berth;

namespace {

constexpr unsigned long most_code = 8u << 20;

Field code(const char* what) { return field("code", berth::string().max_length(most_code).describe(what)); }

Schema cell_input(const Field& kernel, bool waits) {
  return object(
      {kernel, code("Python, as IPython takes it: magics, !commands, top-level await; what another engine takes"),
       berth::optional("id", berth::string()
                                 .pattern("^[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}$")
                                 .describe("Of the cell; one is made if it is not given")),
       berth::optional("timeout", number().minimum(0.01).maximum(1800).otherwise(30).describe(
                                      "Seconds that it may run; then it is interrupted, and killed if it goes on")),
       berth::optional("store_history",
                       boolean().otherwise(true).describe("Whether it counts, and `In` and `Out` keep it")),
       berth::optional("stop_on_error",
                       boolean().otherwise(false).describe(
                           "Whether cells that wait behind it do not run if it fails: they are 409 `stopped`")),
       berth::optional("checkpoint", boolean().otherwise(false).describe(
                                         "Makes an automatic checkpoint before it: `checkpoint` of the answer")),
       berth::optional("wait", boolean().otherwise(waits).describe(
                                   "Behind the cell that runs; otherwise a busy kernel is 409 `busy`"))});
}

constexpr const char* about_exec =
    "The answer is 200 for every cell that began: `status` says how it ended (`completed`, `failed`: its own error, "
    "`timeout`, "
    "`interrupted`, `died`), with all that it had put out until then. 409 `busy` is a kernel that runs something else, "
    "409 `id_in_use` an id that another cell of the session has, 409 `stopped` a cell behind one that failed and had "
    "`stop_on_error`, 410 `kernel_ended` a kernel that ended before the "
    "cell's turn came, 503 `kernel_down` one that cannot start, or whose workers end again and again. If "
    "`kernel_restarted`, variables are gone: `reason` "
    "says why. `result` is "
    "the text of the last "
    "expression, `outputs` has everything in order. Of too much output the begin and the end are kept, `truncated` "
    "says so, and the "
    "middle is in a file under /workspace/output/cells.";
constexpr const char* about_stream =
    "Events: `status` (begun, with the cell's id), `stream` (`name`, `text`), `display` (`data`, `metadata`, "
    "`display_id`, `update`; or "
    "`clear`), `result`, `error`, `comm`, `input_request` (answer it with POST /exec/input; with `withdrawn` the last "
    "one "
    "wants no answer any more), and last `status` with how it ended.";

}  // namespace

void Plugin::declare(Declaration& d) {
  d.plugin("kernel", "1.0.0", "The Python that an agent thinks with: cells in IPython, in the session's jail");
  for (const char* id : {BERTH_PROCESS, BERTH_WORKSPACE, BERTH_CALLS, BERTH_JOBS, BERTH_EVENTS}) d.service(id);
  d.needs("program", "python3", "runs the cells", "scripts/setup --with kernel");
  d.needs("file", "/usr/lib/python3/dist-packages/IPython/__init__.py",
          "is the IPython of /usr/bin/python3; the interpreter of a venv (config `python`) has its own",
          "scripts/setup --with kernel", true);
  d.needs("file", "/usr/share/jupyter/kernels/python3/kernel.json", "is the engine jupyter:python3, one of many",
          "apt-get install python3-ipykernel", true);
  d.config(object(
      {berth::optional(
           "python",
           berth::string()
               .min_length(1)
               .otherwise("/usr/bin/python3")
               .describe("The interpreter, 3.11 or later with IPython; one of a venv that jails can see works")),
       berth::optional("preload", array(berth::string().max_length(100))
                                      .max_items(64)
                                      .otherwise(Json::array({"numpy", "pandas", "matplotlib"}))
                                      .describe("What the zygote imports, so that no cell waits for it")),
       berth::optional(
           "spares", integer().minimum(0).maximum(4).otherwise(1).describe("Workers of each session that wait ready")),
       berth::optional("warm",
                       boolean().otherwise(false).describe(
                           "Whether each session's Python is started with the session, and not with its first cell")),
       berth::optional("grace_ms", integer().minimum(50).maximum(30'000).otherwise(2000).describe(
                                       "Between an interrupt and the end by force")),
       berth::optional(
           "output_cap",
           integer().minimum(1024).maximum(64 << 20).otherwise(1 << 20).describe(
               "Bytes of each stream that a cell's answer keeps, and half as many more at the most. A job's: 1 MiB")),
       berth::optional(
           "transports",
           array(berth::string().one_of({"ipc", "tcp"}))
               .min_items(1)
               .otherwise(Json::array({"ipc"}))
               .describe(
                   "Of Jupyter's wire, the usual one first; whoever asks may have these and no other. By tcp every "
                   "user of the machine may listen; in a process of its own only tcp works")),
       berth::optional("engine", berth::string().min_length(1).max_length(100).otherwise("python").describe(
                                     "Of each session's kernel `default`: `python`, or `jupyter:NAME`")),
       berth::optional("engines",
                       array(berth::string().pattern("^jupyter:.").max_length(100))
                           .max_items(64)
                           .describe("What kernels may be made of beside `python`: `jupyter:NAME`; any, if not given")),
       berth::optional("kernelspecs",
                       array(berth::string().min_length(1).max_length(1000))
                           .max_items(16)
                           .otherwise(Json::array())
                           .describe("Folders inside the jail where they are looked for, before Jupyter's own")),
       berth::optional("cryo", object({berth::optional("every", integer().minimum(1).maximum(86'400).describe(
                                                                    "Seconds between two that are written by "
                                                                    "themselves, of kernels that ran something: "
                                                                    "/workspace/output/KERNEL.auto.cryo"))})),
       berth::optional(
           "checkpoints",
           object(
               {berth::optional("most", integer().minimum(1).maximum(1000).otherwise(128).describe("Of a session's")),
                berth::optional("automatic", integer().minimum(1).maximum(1000).otherwise(10).describe(
                                                 "Of those made by policies or with cells: the oldest makes room")),
                berth::optional("own_mb", integer().minimum(0).otherwise(0).describe(
                                              "MB that those may hold by themselves; 0: no bound"))})),
       berth::optional("figures",
                       integer().minimum(0).maximum(1000).otherwise(20).describe("That one cell may show"))}));
  declare_cells(d);
  declare_kernels(d);
  declare_care(d);
  declare_checkpoints(d);
  declare_cryo(d);
  declare_history(d);
  declare_questions(d);
  declare_wires(d);
}

void Plugin::declare_cells(Declaration& d) {
  const auto cell = [](Operation<Plugin> operation, const char* summary, const char* about, const Schema& input) {
    return operation.summary(summary).description(about).input(input).max_body(16u << 20).concurrent();
  };
  cell(d.post("exec", "/exec"), "Runs a cell of Python", about_exec, cell_input(in_body(), false))
      .output(answers::cell())
      .handle(&Plugin::exec);
  cell(d.post("exec_in", "/kernels/{kernel}/exec"), "Runs a cell of Python in one of several kernels", about_exec,
       cell_input(at_path(), false))
      .output(answers::cell())
      .handle(&Plugin::exec);
  cell(d.stream("exec_stream", "/exec/stream", "POST"), "Runs a cell, and tells what it puts out while it does",
       about_stream, cell_input(in_body(), false))
      .resumable()
      .handle(&Plugin::exec_stream);
  cell(d.stream("exec_stream_in", "/kernels/{kernel}/exec/stream", "POST"),
       "Runs a cell in one of several kernels, and tells what it puts out while it does", about_stream,
       cell_input(at_path(), false))
      .resumable()
      .handle(&Plugin::exec_stream);
  const char* about_job =
      "202 with the job at once; its result, at GET /jobs/{id}, is what POST /exec answers. Cancelling it interrupts "
      "the cell.";
  cell(d.post("exec_job", "/exec/jobs"), "Runs a cell in the background", about_job, cell_input(in_body(), true))
      .handle(&Plugin::exec_job);
  cell(d.post("exec_job_in", "/kernels/{kernel}/exec/jobs"), "Runs a cell of one of several kernels in the background",
       about_job, cell_input(at_path(), true))
      .handle(&Plugin::exec_job);
  d.post("input", "/exec/input")
      .summary("Answers what a streamed cell asks by input()")
      .input(
          object({field("id", berth::string().max_length(64).describe("Of the cell, as its first `status` event says")),
                  berth::optional(
                      "value", berth::string().max_length(1u << 20).describe("The line; without it: end of input"))}))
      .concurrent()
      .handle(&Plugin::input);
}

void Plugin::declare_kernels(Declaration& d) {
  d.post("create", "/kernels")
      .summary("Makes another kernel in the session")
      .description(
          "`jupyter:NAME` is an installed kernelspec of Jupyter's, found inside the session: the answer comes when "
          "that "
          "kernel is up. 422 `no_such_engine` says which there are, 422 `bad_kernelspec` what is wrong with that one, "
          "503 `kernel_down` what it printed before it ended; whoever leaves before leaves no kernel.")
      .input(object({berth::optional("engine", berth::string().max_length(100).otherwise("python").describe(
                                                   "`python`, or `jupyter:NAME`, as in `jupyter:python3`")),
                     berth::optional("name", kernel_id().describe("Its id; one is made if it is not given"))}))
      .output(answers::kernel())
      .concurrent()
      .handle(&Plugin::create);
  d.get("list", "/kernels")
      .summary("The session's kernels")
      .output(answers::kernels())
      .read_only()
      .concurrent()
      .handle(&Plugin::list);
  d.del("delete", "/kernels/{kernel}")
      .summary("Ends a kernel; what it runs is broken off")
      .input(object({at_path()}))
      .destructive()
      .concurrent()
      .handle(&Plugin::remove);
}

void Plugin::declare_care(Declaration& d) {
  const char* about =
      "A new worker, with nothing in its namespace but what was preloaded; what runs is broken off. A fork, and "
      "no start of Python; of another engine, one more start.";
  const auto reset = [about](Operation<Plugin> operation, const Field& kernel) {
    operation.summary("Gives the kernel a new namespace")
        .description(about)
        .input(object({kernel}))
        .output(answers::reset())
        .destructive()
        .concurrent()
        .handle(&Plugin::reset);
  };
  reset(d.post("reset", "/reset"), in_body());
  reset(d.post("kernel_reset", "/kernel/reset"), in_body());
  reset(d.post("reset_in", "/kernels/{kernel}/reset"), at_path());
  const auto interrupt = [](Operation<Plugin> operation, const Field& kernel) {
    operation.summary("Interrupts what the kernel runs; by force, if it does not end in time")
        .input(object({kernel}))
        .output(answers::interrupt())
        .concurrent()
        .handle(&Plugin::interrupt);
  };
  interrupt(d.post("interrupt", "/kernel/interrupt"), in_body());
  interrupt(d.post("interrupt_in", "/kernels/{kernel}/interrupt"), at_path());
  const auto status = [](Operation<Plugin> operation, const Field& kernel) {
    operation.summary("What the kernel does, and what it holds")
        .description("Memory and the like are of an idle kernel only: a busy one is not asked.")
        .input(object({kernel}))
        .output(answers::kernel())
        .read_only()
        .concurrent()
        .handle(&Plugin::status);
  };
  status(d.get("status", "/kernel/status").in_status({"exec_count", "globals_count", "busy"}), in_body());
  status(d.get("status_in", "/kernels/{kernel}/status"), at_path());
  d.get("ping", "/ping")
      .summary("Whether the kernel plugin is there")
      .read_only()
      .concurrent()
      .smoke()
      .handle(&Plugin::ping);
}

void Plugin::declare_questions(Declaration& d) {
  const auto variables = [](Operation<Plugin> operation, const Field& kernel) {
    operation.summary("The user's variables: name, type, shape, size, short text")
        .input(object({kernel, berth::optional(
                                   "most", integer().minimum(1).maximum(10'000).otherwise(500).describe("How many"))}))
        .read_only()
        .concurrent()
        .handle(&Plugin::variables);
  };
  variables(d.get("variables", "/kernel/variables"), in_body());
  variables(d.get("variables_in", "/kernels/{kernel}/variables"), at_path());
  const auto cursor = berth::optional(
      "cursor_pos", integer().minimum(0).maximum(most_code).describe("In characters; the end, if not given"));
  const auto ask = [&](Operation<Plugin> operation, const char* summary, const Field& kernel, auto handler) {
    operation.summary(summary)
        .input(object({kernel, code("What has been typed"), cursor,
                       berth::optional("detail_level",
                                       integer().minimum(0).maximum(1).otherwise(0).describe("1: its source, too"))}))
        .max_body(16u << 20)
        .scope(berth::run)
        .concurrent()
        .handle(handler);
  };
  ask(d.post("complete", "/kernel/complete"), "What may follow at the cursor", in_body(), &Plugin::complete);
  ask(d.post("complete_in", "/kernels/{kernel}/complete"), "What may follow at the cursor", at_path(),
      &Plugin::complete);
  ask(d.post("inspect", "/kernel/inspect"), "What is known of the name at the cursor", in_body(), &Plugin::inspect);
  ask(d.post("inspect_in", "/kernels/{kernel}/inspect"), "What is known of the name at the cursor", at_path(),
      &Plugin::inspect);
}

}  // namespace kernel

BERTH_PLUGIN(kernel::Plugin);
