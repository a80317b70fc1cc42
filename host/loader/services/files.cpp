// berth.files/1: the folder is opened when it is first asked for, so plugins that keep nothing have none.
#include <berth/service/files.h>

#include "loader/host_side.hpp"
#include "loader/services/local.hpp"
#include "loader/services/tables.hpp"
#include "loader/services/texts.hpp"

namespace berth::loader {

using service::Error;
using service::Store;

namespace {

int refuse(const berth_files_answer* answer, const Error& error) {
  const auto raw = failure_of(error);
  if (answer && answer->fail) answer->fail(answer->with, &raw);
  return 0;
}

int told(const berth_host* host, const berth_files_answer* answer, std::optional<Error> error) {
  if (!error) return 1;
  if (error->code == "store_full")
    error->hint += "; or plugin \"" + HostSide::of(host).plugin() + "\" { files = … } in berth.lua gives it more";
  return refuse(answer, *error);
}

service::Result<const Store*> store_of(const berth_host* host) {
  Local* local = Local::of(host);
  if (!local) return Error{503, "no_service", "there is no state folder here"};
  return local->store();
}

int read(const berth_host* host, berth_text name, std::uint64_t at_most, const berth_files_answer* answer) {
  const auto store = store_of(host);
  if (!store) return refuse(answer, store.error());
  const auto content = (*store)->read(view(name), at_most);
  if (!content) return refuse(answer, content.error());
  if (answer && answer->content) answer->content(answer->with, text_of(*content));
  return 1;
}

int write_file(const berth_host* host, berth_text name, berth_text content, int sync,
               const berth_files_answer* answer) {
  const auto store = store_of(host);
  return told(host, answer, store ? (*store)->write(view(name), view(content), sync != 0) : store.error());
}

int append(const berth_host* host, berth_text name, berth_text content, int sync, const berth_files_answer* answer) {
  const auto store = store_of(host);
  return told(host, answer, store ? (*store)->append(view(name), view(content), sync != 0) : store.error());
}

int remove(const berth_host* host, berth_text name, const berth_files_answer* answer) {
  const auto store = store_of(host);
  return told(host, answer, store ? (*store)->remove(view(name)) : store.error());
}

int list(const berth_host* host, berth_text folder, const berth_files_answer* answer) {
  const auto store = store_of(host);
  if (!store) return refuse(answer, store.error());
  const auto entries = (*store)->list(view(folder));
  if (!entries) return refuse(answer, entries.error());
  for (const auto& one : *entries) {
    const berth_files_entry raw{sizeof raw, one.folder ? 1u : 0u, text_of(one.name), one.size, one.modified_ms};
    if (answer && answer->entry) answer->entry(answer->with, &raw);
  }
  return 1;
}

int open_file(const berth_host* host, berth_text name, const berth_files_answer* answer) {
  const auto store = store_of(host);
  if (!store) return refuse(answer, store.error()) - 1;
  auto fd = (*store)->open_file(view(name));
  return fd ? fd->release() : refuse(answer, fd.error()) - 1;
}

berth_text path(const berth_host* host) {
  const auto store = store_of(host);
  return store ? text_of((*store)->path()) : berth_text{nullptr, 0};
}

}  // namespace

const void* files_table() {
  static constexpr berth_files table{sizeof(berth_files), &read, &write_file, &append, &remove, &list,
                                     &open_file,          &path};
  return &table;
}

}  // namespace berth::loader
