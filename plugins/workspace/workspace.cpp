// What the plugin says of itself. The words are for people and for LLM clients alike: each description has what one
// cannot guess.
#include "workspace.hpp"

#include "answers.hpp"
#include "change.hpp"
#include "copy.hpp"
#include "edit.hpp"
#include "list.hpp"
#include "read.hpp"
#include "write.hpp"

namespace workspace {

using namespace berth;

namespace {

Schema path_of(const std::string& what) {
  return berth::string().max_length(16'384).describe(what).example("output/report.md");
}
Field path(const std::string& what) { return field("path", path_of(what).min_length(1)); }
Field path_or_root(const std::string& what) {
  return berth::optional("path", path_of(what + "; the workspace itself if not given"));
}
Schema count(unsigned long least, unsigned long most) { return integer().minimum(least).maximum(most); }
Field etag() {
  return berth::optional(
      "expect_etag", berth::string().max_length(64).describe("Only if the file still has this etag, otherwise 412"));
}
Field parents() {
  return berth::optional("parents",
                         boolean().otherwise(true).describe("Makes the folders on the way that are missing"));
}
Field content() {
  return field("content", berth::string().max_length(most_content / 3 * 4 + 8).describe("The text, or base64"));
}
Field form() {
  return berth::optional(
      "as", berth::string().one_of({"text", "base64"}).otherwise("text").describe("What the content is given as"));
}

}  // namespace

void Plugin::declare(Declaration& d) {
  d.plugin("workspace", "1.0.0", "The files of a session: read, written, edited, listed, moved");
  d.service(BERTH_WORKSPACE);
  declare_reading(d);
  declare_looking(d);
  declare_writing(d);
  declare_moving(d);
  declare_wide(d);
  declare_transfers(d);
  declare_stores(d);
}

void Plugin::declare_reading(Declaration& d) {
  d.get("read", "/workspace/file")
      .summary("Reads a file, or a part of it")
      .description(
          "Text comes as `text`, images and other bytes as `base64`. Without a part named, the first 2000 lines or 256 "
          "KiB come; `truncated` says that there is more, `next_line` where it goes on. Ask for lines (`from_line` and "
          "`lines`, `head`, or `tail`) or for bytes (`from` and `bytes`). Files above 64 MiB are read in parts only.")
      .input(object(
          {path("The file"),
           berth::optional("as", berth::string()
                                     .one_of({"auto", "text", "binary"})
                                     .otherwise("auto")
                                     .describe("text: U+FFFD stands for what is no UTF-8; binary: base64")),
           berth::optional("from_line", count(1, 1'000'000'000).describe("The first line, counted from 1")),
           berth::optional("lines", count(1, most_lines).otherwise(usual_lines).describe("How many lines at most")),
           berth::optional("head", count(1, most_lines).describe("So many lines from the begin")),
           berth::optional("tail", count(1, most_lines).describe("So many lines from the end")),
           berth::optional(
               "from", integer().minimum(0).maximum(1'000'000'000'000'000).describe("The first byte, counted from 0")),
           berth::optional("bytes", count(1, most_binary).describe("How many bytes at most; of text 256 KiB"))}))
      .read_only()
      .output(read_answer())
      .concurrent()
      .blocking()
      .handle(&Plugin::run<&read_file>);
}

void Plugin::declare_looking(Declaration& d) {
  d.get("list", "/workspace/folder")
      .summary("Lists what is in a folder")
      .description(
          "A page of entries `{name, kind, size, modified}`. If `truncated`, go on with `after` set to `next`.")
      .input(object(
          {path_or_root("The folder"),
           berth::optional("sort", berth::string()
                                       .one_of({"name", "size", "modified"})
                                       .otherwise("name")
                                       .describe("Sizes and times: the largest and the latest first")),
           berth::optional("after", berth::string().max_length(1100).describe("The name after which to go on")),
           berth::optional("limit", count(1, most_entries).otherwise(usual_entries).describe("Entries of a page"))}))
      .read_only()
      .output(list_answer())
      .concurrent()
      .blocking()
      .handle(&Plugin::run<&list_folder>);
  d.get("tree", "/workspace/tree")
      .summary("Shows a folder and what is beneath it, as a tree")
      .description(
          "Folders have `children`, unless they lie too deep to be looked into; `truncated` stands in each "
          "folder that has more than is shown.")
      .input(object({path_or_root("The folder"),
                     berth::optional(
                         "depth", count(1, most_depth).otherwise(usual_depth).describe("Levels that are looked into")),
                     berth::optional("limit", count(1, most_nodes).otherwise(usual_nodes).describe("Entries in all"))}))
      .read_only()
      .output(tree_answer())
      .concurrent()
      .blocking()
      .handle(&Plugin::run<&show_tree>);
  d.get("stat", "/workspace/stat")
      .summary("Tells of a file or folder: kind, size, time, etag, whether it may be changed")
      .input(object({path_or_root("The file or folder; of a link, itself")}))
      .read_only()
      .output(stat_answer())
      .concurrent()
      .blocking()
      .handle(&Plugin::run<&show_facts>);
}

void Plugin::declare_writing(Declaration& d) {
  d.put("write", "/workspace/file")
      .summary("Writes a file, in place of what was there")
      .description(
          "In one step: nobody ever reads half a file. Write to /workspace/output, /workspace/deploy or "
          "/workspace/.todo.jsonl, which is output/.todo.jsonl; /workspace/upload is read-only.")
      .input(
          object({path("The file"), content(), form(), parents(), etag(),
                  berth::optional("create_only", boolean().describe("409 if there is a file already")),
                  berth::optional("executable", boolean().describe("Whether it may be run; as it was, if not given"))}))
      .max_body(24u << 20)
      .destructive()
      .idempotent()
      .output(write_answer())
      .concurrent()
      .blocking()
      .handle(&Plugin::run<&write_file>);
  d.post("append", "/workspace/file/append")
      .summary("Adds to the end of a file, which is made if it is not there")
      .input(object({path("The file"), content(), form(), parents(), etag()}))
      .max_body(24u << 20)
      .output(write_answer())
      .concurrent()
      .blocking()
      .handle(&Plugin::run<&append_file>);
  const auto old_text = berth::string().min_length(1).max_length(1u << 20).describe("What is there, to the last space");
  const auto new_text = berth::string().max_length(1u << 20).describe("What takes its place");
  const auto all = boolean().describe("Wherever it is there; otherwise it must be there exactly once");
  const auto edit = object({field("old_text", old_text), field("new_text", new_text), berth::optional("all", all)});
  d.patch("edit", "/workspace/file")
      .summary("Replaces exact pieces of a text file")
      .description(
          "One edit after the other; if one does not fit, nothing is changed. The answer has the unified `diff`.")
      .input(
          object({path("The file"), field("edits", array(edit).min_items(1).max_items(200).describe("In this order")),
                  berth::optional("dry_run", boolean().describe("Only shows the diff")), etag()}))
      .max_body(8u << 20)
      .destructive()
      .output(edit_answer())
      .concurrent()
      .blocking()
      .handle(&Plugin::run<&edit_file>);
}

void Plugin::declare_moving(Declaration& d) {
  const auto from = field("from", path_of("What").min_length(1)),
             to = field("to", path_of("Its new path, with its name").min_length(1));
  const auto replace =
      berth::optional("replace", boolean().describe("A file may take the place of another; otherwise 409"));
  d.post("move", "/workspace/move")
      .summary("Moves or renames a file or folder")
      .input(object({from, to, replace, parents(), etag()}))
      .destructive()
      .output(move_answer())
      .concurrent()
      .blocking()
      .handle(&Plugin::run<&move_entry>);
  d.post("copy", "/workspace/copy")
      .summary("Copies a file, or a folder with all that is in it")
      .input(object({from, to, replace, parents(), berth::optional("recursive", boolean().describe("Folders, too"))}))
      .destructive()
      .output(copy_answer())
      .concurrent()
      .blocking()
      .handle(&Plugin::run<&copy_entry>);
  d.del("delete", "/workspace/file")
      .summary("Deletes a file, or a folder")
      .input(
          object({path("The file or folder; of a link, itself"), etag(),
                  berth::optional("recursive",
                                  boolean().describe("A folder with all that is in it; otherwise only an empty one"))}))
      .destructive()
      .output(delete_answer())
      .concurrent()
      .blocking()
      .handle(&Plugin::run<&delete_entry>);
  d.put("mkdir", "/workspace/folder")
      .summary("Makes a folder; fine if it is there")
      .input(object({path("The folder"), parents()}))
      .idempotent()
      .output(mkdir_answer())
      .concurrent()
      .blocking()
      .handle(&Plugin::run<&make_folder>);
}

}  // namespace workspace

BERTH_PLUGIN(workspace::Plugin);
