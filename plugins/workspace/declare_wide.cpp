// What the plugin says of its operations that look through many files, that last, or that carry much; and of the
// stores.
#include "answers.hpp"
#include "download_operation.hpp"
#include "search_operation.hpp"
#include "site_operation.hpp"
#include "store_operations.hpp"
#include "upload_operation.hpp"
#include "watch_operation.hpp"
#include "workspace.hpp"

namespace workspace {

void Plugin::look_for(berth::Call call) {
  const auto seat = m_seats.of(call.session());
  search(asked(*seat, call), call, m_readers, m_helpers);
}

void Plugin::declare_wide(Declaration& d) {
  d.stream("search", "/workspace/search")
      .summary("Searches names and what is in files")
      .description(
          "Each result is an event `match`: {path, line, column, text} of a line that the pattern matches, or {path, "
          "type} of a name if there is no pattern. The last event is `end`: {found, searched, binary, unreadable, "
          "whole, "
          "why}. Binary files are left out, links are not followed.")
      .input(search_input())
      .read_only()
      .concurrent()
      .blocking()
      .handle(&Plugin::look_for);
  d.stream("watch", "/workspace/watch")
      .summary("Tells what happens in a folder and all below it")
      .description(
          "Events: `ready` once nothing is missed any more; then `created`, `changed`, `deleted` {path, folder}, "
          "`moved` "
          "{path, from, folder}; `lost` if more happened than could be told, so that the folder must be looked at "
          "again; `gone` when the folder itself is.")
      .input(watch_input())
      .read_only()
      .concurrent()
      .blocking()
      .handle(&Plugin::last<&watch, &Plugin::m_watches>);
}

void Plugin::declare_transfers(Declaration& d) {
  d.upload("upload", "/workspace/upload")
      .summary("Brings a file from outside into upload/, or what is in an archive")
      .description(
          "The body is the file itself; its name comes from `path` or from Content-Disposition. With `extract` a tar, "
          "tar.gz, "
          "tar.xz or zip becomes a folder: all of it or nothing, and never if a member would land elsewhere. "
          "A path that cannot be written, and a size that the quota has no room for, are refused before the body is "
          "read.")
      .scope(berth::admin)
      .announced()
      .input(upload_input())
      .output(upload_answer())
      .concurrent()
      .blocking()
      .handle(&Plugin::run_for<&upload>);
  d.download("download", "/workspace/download/{path...}")
      .summary("Sends a file, or a folder as a tar or zip")
      .description(
          "Of a file, ranges can be had. A file that changes while it is sent breaks the connection off, so nothing "
          "false "
          "is taken for whole.")
      .input(download_input())
      .read_only()
      .concurrent()
      .blocking()
      .handle(&Plugin::last<&download, &Plugin::m_readers>);
  const auto site_of = [](auto operation, bool with_path) {
    operation.summary("The web site in deploy/")
        .description(
            "Files with their types, ranges and ETags; a folder is its index.html. Scripts run in a sandbox without "
            "origin.")
        .input(site_input(with_path))
        .read_only()
        .concurrent()
        .blocking()
        .handle(&Plugin::live<&site>);
  };
  site_of(d.download("deploy", "/workspace/site"), false);
  site_of(d.download("deploy.file", "/workspace/site/{path...}"), true);
}

void Plugin::declare_stores(Declaration& d) {
  d.post("store.append", "/workspace/store/{store}")
      .summary("Adds a record to a store, for good")
      .description(
          "The answer's `n` and `sha256` are the store's new head: whoever keeps them can prove later that nothing "
          "before "
          "was changed. `repaired` says that half a record of a crash was taken away first.")
      .input(store_append_input())
      .output(store_append_answer())
      .concurrent()
      .blocking()
      .handle(&Plugin::run_for<&store_append>);
  d.get("store.read", "/workspace/store/{store}")
      .summary("Reads records of a store")
      .description("Goes on with `from` set to `next`.")
      .input(store_read_input())
      .read_only()
      .output(store_read_answer())
      .concurrent()
      .blocking()
      .handle(&Plugin::run<&store_read>);
  d.get("store.verify", "/workspace/store/{store}/verify")
      .summary("Says whether a store is as it was written, or which record is the first that is not")
      .description(
          "`broken.what` is altered, removed, reordered, truncated or torn (by a crash; the next append repairs that).")
      .input(store_verify_input())
      .read_only()
      .output(store_verify_answer())
      .concurrent()
      .blocking()
      .handle(&Plugin::run_for<&store_verify>);
  d.get("store.list", "/workspace/store")
      .summary("The stores there are")
      .read_only()
      .output(store_list_answer())
      .concurrent()
      .blocking()
      .handle(&Plugin::run<&store_list>);
}

}  // namespace workspace
