// The shapes of what operations take and answer.
#pragma once

#include <berth/schema.hpp>

#include <utility>

namespace browser::answers {

using berth::Schema;

inline berth::Field tab_field() {
  return berth::optional("tab",
                         berth::string().pattern("^t[0-9]{1,9}$").describe("Which; the active one, if not given"));
}
inline berth::Field ref_field(const char* name = "ref") {
  return berth::optional(
      name,
      berth::string().pattern("^e[0-9]{1,12}$").describe("An element, as browser.snapshot shows it").example("e12"));
}
inline berth::Field selector_field(const char* name = "selector") {
  return berth::optional(name, berth::string().min_length(1).max_length(2000).describe(
                                   "CSS, if there is no ref: the first that fits, which is waited for"));
}
inline berth::Field timeout_field() {
  return berth::optional("timeout",
                         berth::number().minimum(0.05).maximum(300).otherwise(30).describe("Seconds that it may take"));
}
inline berth::Field until_field() {
  return berth::optional("wait", berth::string()
                                     .one_of({"commit", "domcontentloaded", "load", "networkidle"})
                                     .otherwise("load")
                                     .describe("Which state of the page is waited for"));
}
inline berth::Field show_field() {
  return berth::optional("snapshot", berth::boolean().otherwise(false).describe(
                                         "Whether the answer has what has changed in the page since it was last seen"));
}

inline Schema view() {
  return berth::object({berth::field("text", berth::string().describe("One line each; [e12] is a ref")),
                        berth::field("lines", berth::integer().describe("How many there are in all")),
                        berth::field("next", Schema(berth::Json{{"type", berth::Json::array({"integer", "null"})}})
                                                 .describe("`from` of the next piece; null: this was the last"))});
}
inline Schema dialog() {
  return berth::object({berth::field("kind", berth::string()), berth::field("text", berth::string()),
                        berth::field("answer", berth::string())});
}
inline Schema download() {
  return berth::object(
      {berth::field("number", berth::integer()), berth::field("name", berth::string()),
       berth::field("url", berth::string()),
       berth::field("state", berth::string().one_of({"under way", "done", "refused", "cancelled", "failed"})),
       berth::field("bytes", berth::integer()), berth::optional("path", berth::string()),
       berth::optional("why", berth::string()),
       berth::optional("quarantined", berth::string().describe("Why nobody should run it"))});
}
// What every answer of an action may say, and `more`.
inline Schema outcome(std::initializer_list<berth::Field> more = {}) {
  Schema all = berth::object(
      {berth::field("tab", berth::string()), berth::field("url", berth::string()),
       berth::field("title", berth::string()),
       berth::optional("restarted", berth::string().describe("Why the browser is another one than before")),
       berth::optional("dialogs", berth::array(dialog())),
       berth::optional("dialog",
                       berth::object({berth::field("kind", berth::string()), berth::field("text", berth::string()),
                                      berth::field("default", berth::string())})
                           .describe("It is open, and the page waits: browser.answer_dialog")),
       berth::optional("snapshot", view()), berth::optional("downloads", berth::array(download())),
       berth::optional("file_chooser",
                       berth::string().one_of({"one", "many"}).describe("The page asks for files: browser.upload")),
       berth::optional("value", berth::anything())});
  berth::Json properties = all.json()["properties"];
  for (const auto& one : more) properties[one.name] = one.schema.json();
  return all.set("properties", std::move(properties));
}
inline Schema tab() {
  return berth::object({berth::field("tab", berth::string()), berth::field("url", berth::string()),
                        berth::field("title", berth::string()), berth::field("active", berth::boolean()),
                        berth::field("crashed", berth::boolean()),
                        berth::optional("context", berth::string().describe("If it is one with a name"))});
}

}  // namespace browser::answers
