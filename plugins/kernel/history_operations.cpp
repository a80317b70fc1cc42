// Looking back: what has run, and a notebook of it.
#include "fields.hpp"
#include "plugin.hpp"
#include "schemas.hpp"

namespace kernel {

using berth::Call;
using berth::Json;

namespace {

// What it has said of itself is believed to be texts, if it is.
History::Engine engine_of(const std::string& name, const Json& about) {
  const auto said = [&about](const char* field, const std::string& otherwise) {
    const std::string value = about.is_object() ? text(about, field).substr(0, 100) : "";
    return value.empty() ? otherwise : value;
  };
  if (name == Seat::python) return {"python3", "Python 3", "python", said("python", "3")};
  const std::string spec = name.substr(Seat::foreign.size());
  return {spec, spec, said("language", spec), said("language_version", "")};
}

}  // namespace

void Plugin::declare_history(Declaration& d) {
  using namespace berth;
  d.get("history", "/kernel/history")
      .summary("The cells that have run in the session")
      .description(
          "The oldest first; of each its code, how it ended, its time, the size of what it put out, and the checkpoint "
          "that its kernel came from. 10,000 cells and 8 MiB are kept; `forgotten` counts those that were more.")
      .input(
          object({berth::optional("kernel", kernel_id().describe("Only those of that one")),
                  berth::optional("most", integer().minimum(1).maximum(10'000).otherwise(100).describe("The newest")),
                  berth::optional("outputs", boolean().otherwise(false).describe("What they put out, too"))}))
      .output(object({field("cells", array(anything())), field("forgotten", integer())}))
      .read_only()
      .concurrent()
      .handle(&Plugin::history);
  d.get("notebook", "/kernel/notebook")
      .summary("A Jupyter notebook of the cells that the kernel's variables have come of")
      .description(
          "In format 4.5, with outputs. After a restore it has the cells of that checkpoint and those since; what a "
          "reset or a death took away is not in it, nor what has come of a file (POST /cryo/reload).")
      .input(object({in_body()}))
      .output(object({field("nbformat", integer()), field("nbformat_minor", integer()), field("metadata", anything()),
                      field("cells", array(anything()))}))
      .read_only()
      .concurrent()
      .handle(&Plugin::notebook);
}

void Plugin::history(Call call) {
  with_seat(call, [call](Seat& seat) {
    const Json& input = call.input();
    call.send(seat.history().list(input.value("kernel", ""), input.value("most", std::size_t{100}),
                                  input.value("outputs", false)));
  });
}

void Plugin::notebook(Call call) {
  with_kernel(call, [call](Seat& seat, const std::shared_ptr<Kernel>& kernel) {
    call.send(seat.history().notebook(kernel->line(), engine_of(kernel->engine(), seat.engine(kernel->id()))));
  });
}

}  // namespace kernel
