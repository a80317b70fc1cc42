// The engine's errors have names; here each becomes a problem with its remedy.
#include "cryo.hpp"

#include "fields.hpp"

namespace kernel {

using berth::Error;
using berth::Json;
using How = Ending::How;

namespace {

struct Named {
  const char* name;
  int status;
  const char *code, *hint;
};

constexpr Named problems[] = {
    {"BadPath", 422, "bad_path", "a file in a folder that is there, such as output/state.cryo"},
    {"BadRequest", 422, "invalid_input", ""},
    {"NoSuchFile", 404, "no_such_file", "POST /cryo/store writes one"},
    {"NotACryoFile", 422, "not_a_cryo_file", "only what POST /cryo/store has written can be read"},
    {"Damaged", 409, "damaged", "without `strict` what is whole in it is loaded"},
    {"DiskFull", 507, "disk_full",
     "the file of before is still there: make room, or leave variables out with `exclude`"},
    {"CannotWrite", 409, "cannot_write", "choose a place that the session may write, such as output/state.cryo"},
    {"MemoryError", 507, "no_memory", "store or load fewer variables at once: `include`, `exclude`"},
};

Error problem_of(const Json& error) {
  const std::string name = text(error, "name"), value = text(error, "value").substr(0, 2000);
  for (const auto& one : problems)
    if (name == one.name) return {one.status, one.code, value.empty() ? name : value, one.hint};
  return {503, "cannot_keep", "the kernel could not do it: " + name + ": " + value};
}

}  // namespace

std::string Cryo::place_of(const std::string& path) { return path[0] == '/' ? path : "/workspace/" + path; }

void Cryo::ended(const Ending& ending) {
  if (ending.how == How::timeout)
    return refused({504, "kernel_timeout",
                    "it was not done in time; what there is now is what was before, or all of the new",
                    "a longer `timeout`, or fewer variables: `include`, `exclude`"});
  if (ending.how == How::interrupted)
    return refused({409, "interrupted", "it was interrupted; what there is now is what was before, or all of the new"});
  if (ending.how == How::died)
    return refused({503, "kernel_died", "the kernel ended meanwhile: " + ending.reason,
                    "a file that was being written is as it was before"});
  if (text(ending.done, "status") == "ok") return m_then(ending.done, std::nullopt);
  refused(problem_of(typed(ending.done, "error", Json::object())));
}

}  // namespace kernel
