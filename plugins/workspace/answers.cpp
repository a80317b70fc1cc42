// Fields that are not there in every answer are optional; each says when it is.
#include "answers.hpp"

#include <utility>

namespace workspace {

using namespace berth;

namespace {

Schema with(const Schema& some, std::initializer_list<Field> more) {
  Json all = some.json();
  const Json added = object(more).json();
  all["properties"].update(added.at("properties"));
  for (const auto& name : added.value("required", Json::array())) all["required"].push_back(name);
  return Schema(std::move(all));
}
Schema a_count() { return integer().minimum(0); }
Schema digest() { return string().pattern("^[0-9a-f]{64}$"); }
Field a_path() { return field("path", string().describe("From /workspace on")); }
Field truncated(const char* what) { return field("truncated", boolean().describe(what)); }
Schema kinds() { return string().one_of({"file", "folder", "link", "pipe", "socket", "device"}); }
Field modified() { return field("modified", string().describe("UTC").example("2026-01-31T12:00:00.250Z")); }
Field an_etag() { return field("etag", string().describe("Another one as soon as the content may be another")); }

Schema file_facts() { return object({a_path(), field("size", a_count()), modified(), an_etag()}); }
Schema entry() {
  return object({field("name", string()), field("kind", kinds()), modified(),
                 optional("size", a_count().describe("Of a file")),
                 optional("target", string().describe("Of a link: what it says"))});
}

}  // namespace

Schema read_answer() {
  return with(file_facts(),
              {field("kind", string().one_of({"text", "image", "binary"})), optional("text", string()),
               optional("base64", string().describe("Of images and other bytes")),
               optional("type", string().describe("Of what comes as base64: its media type")),
               optional("lossy", boolean().describe("U+FFFD stands where it is no UTF-8")),
               optional("from_line", a_count().describe("The first line that came")),
               optional("lines", a_count().describe("How many came")),
               optional("next_line", a_count().describe("Where it goes on")),
               optional("cut_line", a_count().describe("This line is too long for one answer: read it by bytes")),
               optional("from", a_count().describe("The first byte that came")),
               optional("bytes", a_count().describe("How many came")), truncated("There is more than came")});
}

Schema write_answer() { return with(file_facts(), {field("created", boolean())}); }

Schema edit_answer() {
  return with(file_facts(),
              {field("replaced", a_count().describe("Places")), field("diff", string().describe("Unified")),
               truncated("The diff goes on"), optional("dry_run", boolean().describe("Nothing was changed"))});
}

Schema delete_answer() { return object({a_path(), field("deleted", a_count().describe("Files and folders"))}); }

Schema list_answer() {
  return object({a_path(), field("entries", array(entry())), field("total", a_count().describe("In the whole folder")),
                 truncated("There are more"), optional("next", string().describe("Give it as `after` to go on"))});
}

Schema tree_answer() {
  const auto children = optional("children", array(anything()).describe("Such entries again"));
  const auto cut = optional("truncated", boolean().describe("The folder has more than is shown"));
  return object({a_path(), field("tree", with(entry(), {children, cut})), field("entries", a_count()),
                 truncated("One of the folders has more than is shown")});
}

Schema stat_answer() {
  const Json or_null = {"string", "null"};
  return with(entry(),
              {a_path(), field("mode", string().example("0644")), field("names", a_count().describe("Hard links")),
               field("on_disk", a_count().describe("Bytes")),
               field("may_change", boolean().describe("By this caller, as far as the folder is concerned")),
               optional("etag", string().describe("Of a file")),
               optional("leads_to", Schema(Json{{"type", or_null}})
                                        .describe("Of a link: the kind of what is there; null if that is nothing, or "
                                                  "outside"))});
}

Schema move_answer() { return with(entry(), {a_path(), field("from", string().describe("Where it was"))}); }

Schema copy_answer() {
  return object({a_path(), field("copied", a_count().describe("Files, folders and links")),
                 optional("left_out", a_count().describe("Of a folder: what is neither")),
                 optional("size", a_count().describe("Of a file")), optional("modified", string()),
                 optional("etag", string())});
}

Schema mkdir_answer() {
  return object({a_path(), field("created", boolean().describe("False: it was there already"))});
}

Schema upload_answer() {
  return object({a_path(), optional("size", a_count().describe("Of a file")),
                 optional("files", a_count().describe("From an archive")), optional("folders", a_count()),
                 optional("links", a_count()), optional("bytes", a_count().describe("Of all its files"))});
}

Schema store_append_answer() {
  return object({field("n", a_count().describe("The record's number")), field("sha256", digest()),
                 optional("repaired", string().describe("What a crash had left of a record, and is gone now"))});
}

Schema store_read_answer() {
  const auto record =
      object({field("store", string()), field("n", a_count()), field("at", string()), field("by", string()),
              field("before", digest()), field("record", anything()), field("sha256", digest())});
  return object({field("total", a_count()), field("records", array(record)),
                 optional("next", a_count().describe("Give it as `from` to go on")),
                 optional("torn", boolean().describe("Half a record stands at the end"))});
}

Schema store_verify_answer() {
  const auto what = string().one_of({"altered", "removed", "reordered", "truncated", "torn"});
  const auto broken =
      object({field("n", a_count().describe("Of the first record that is wrong")),
              field("offset", a_count().describe("In the file")), field("what", what), field("message", string())});
  return object({field("good", boolean()), field("n", a_count().describe("Of the last record that is good")),
                 field("sha256", digest()), optional("broken", broken)});
}

Schema store_list_answer() { return object({field("stores", array(string()))}); }

}  // namespace workspace
