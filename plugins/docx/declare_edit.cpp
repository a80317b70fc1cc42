// The operations that give a changed document.
#include "plugin.hpp"

namespace docx {

using namespace berth;

namespace {

Field document() {
  return field("path",
               berth::string().min_length(1).max_length(4096).describe("The document").example("output/report.docx"));
}
Field to() {
  return berth::optional("to", berth::string().min_length(1).max_length(4096).describe(
                                   "Where the changed document goes: a new file, unless `replace`"));
}
Field replace() {
  return berth::optional("replace",
                         boolean().describe("Without `to`: the document itself is changed, in one step; with "
                                            "it: a file there may be replaced. Otherwise 409"));
}
Field author() {
  return berth::optional("author",
                         berth::string().min_length(1).max_length(255).otherwise("Berth").describe("Whose it is"));
}
Field paragraph() {
  return field("paragraph", integer().minimum(1).describe("Its number, as docx.inspect and docx.diff tell it"));
}
Field occurrence() {
  return berth::optional(
      "occurrence", integer().minimum(1).maximum(10000).describe("Which one, where the paragraph has it more often"));
}
Field file() {
  return field("file", Schema(Json{{"type", {"object", "null"}}}).describe("What the workspace says of the new file"));
}
Field comment_id() { return field("id", berth::string().max_length(40).describe("Of the comment")); }

Schema chosen() {
  return object(
      {document(),
       berth::optional("numbers", array(integer().minimum(1))
                                      .min_items(1)
                                      .max_items(10000)
                                      .describe("Those of the document's text, as docx.revisions counts them")),
       berth::optional("author", berth::string().min_length(1).max_length(255).describe("All of this author")),
       berth::optional("all", boolean().describe("Every one, of all stories")), to(), replace()});
}

}  // namespace

void Plugin::declare_comments(Declaration& d) {
  d.post("comments", "/docx/comments")
      .summary("Lists a document's comments, with replies, places and whether they are resolved")
      .input(object({document(), berth::optional("limit", integer().minimum(1).maximum(10000).otherwise(200).describe(
                                                              "How many are told"))}))
      .output(object({field("comments", array(Schema(Json{{"type", "object"}}))), field("count", integer())}))
      .scope(berth::read)
      .read_only()
      .concurrent()
      .blocking()
      .handle(&Plugin::run<&comments_operation>);
  d.post("comments.add", "/docx/comments/add")
      .summary("Comments a paragraph, or a passage of it")
      .input(object({document(), paragraph(),
                     berth::optional("text", berth::string().min_length(1).max_length(10000).describe(
                                                 "The passage; without it, the whole paragraph")),
                     occurrence(),
                     field("comment", berth::string().min_length(1).max_length(100000).describe(
                                          "What is said; lines become paragraphs")),
                     author(),
                     berth::optional("initials", berth::string().max_length(9).describe(
                                                     "Of the author; made of the name otherwise")),
                     to(), replace()}))
      .output(object({field("id", berth::string()), file()}))
      .destructive()
      .concurrent()
      .blocking()
      .handle(&Plugin::run<&comment_add_operation>);
  d.post("comments.reply", "/docx/comments/reply")
      .summary("Replies to a comment")
      .input(object({document(), comment_id(),
                     field("comment", berth::string().min_length(1).max_length(100000).describe(
                                          "What is said; lines become paragraphs")),
                     author(),
                     berth::optional("initials", berth::string().max_length(9).describe(
                                                     "Of the author; made of the name otherwise")),
                     to(), replace()}))
      .output(object({field("id", berth::string()), file()}))
      .destructive()
      .concurrent()
      .blocking()
      .handle(&Plugin::run<&comment_reply_operation>);
  d.post("comments.resolve", "/docx/comments/resolve")
      .summary("Marks a comment as resolved, or as open again")
      .input(object({document(), comment_id(),
                     berth::optional("resolved", boolean().otherwise(true).describe("false: it is open again")), to(),
                     replace()}))
      .output(object({field("id", berth::string()), file()}))
      .destructive()
      .concurrent()
      .blocking()
      .handle(&Plugin::run<&comment_resolve_operation>);
}

void Plugin::declare_revisions(Declaration& d) {
  d.post("revisions", "/docx/revisions")
      .summary("Lists a document's tracked changes")
      .input(object({document(), berth::optional("limit", integer().minimum(1).maximum(10000).otherwise(500).describe(
                                                              "How many are told"))}))
      .output(object({field("revisions", array(Schema(Json{{"type", "object"}}))), field("count", integer())}))
      .scope(berth::read)
      .read_only()
      .concurrent()
      .blocking()
      .handle(&Plugin::run<&revisions_operation>);
  const auto settled = object({field("settled", integer().describe("How many")), file()});
  d.post("revisions.accept", "/docx/revisions/accept")
      .summary("Accepts tracked changes: all, those of an author, or some")
      .input(chosen())
      .output(settled)
      .destructive()
      .concurrent()
      .blocking()
      .handle(&Plugin::run<&revision_accept_operation>);
  d.post("revisions.reject", "/docx/revisions/reject")
      .summary("Rejects tracked changes: all, those of an author, or some")
      .input(chosen())
      .output(settled)
      .destructive()
      .concurrent()
      .blocking()
      .handle(&Plugin::run<&revision_reject_operation>);
  d.post("revisions.propose", "/docx/revisions/propose")
      .summary("Proposes a change as a tracked one: a deletion, an insertion, or one in the other's place")
      .description(
          "`find` alone is to be deleted; `insert` alone is put at the paragraph's end; both: `insert` in the place of "
          "`find`, or `where` says before or after it.")
      .input(object(
          {document(), paragraph(),
           berth::optional("find", berth::string().min_length(1).max_length(10000).describe("A text of the paragraph")),
           occurrence(),
           berth::optional(
               "insert", berth::string().min_length(1).max_length(100000).describe("What is new; lines become breaks")),
           berth::optional("where", berth::string()
                                        .one_of({"replace", "before", "after"})
                                        .otherwise("replace")
                                        .describe("Where `insert` goes, as `find` sees it")),
           author(), to(), replace()}))
      .output(object({file()}))
      .destructive()
      .concurrent()
      .blocking()
      .handle(&Plugin::run<&revision_propose_operation>);
}

void Plugin::declare_changes(Declaration& d) {
  d.post("fix", "/docx/fix")
      .summary("Puts right what can be without asking, in a new file: order of elements, grids, ids, cells")
      .description(
          "The original stays as it is. Elements of known order are put into it, tables without tblPr or tblGrid get "
          "them, ids that are there twice become others, cells end with a paragraph. Nothing is written if nothing was "
          "wrong.")
      .input(object({document(),
                     berth::optional("to", berth::string().min_length(1).max_length(4096).describe(
                                               "The new file; NAME.fixed.docx beside it, if not given")),
                     berth::optional("replace", boolean().describe("A file there may be replaced; otherwise 409"))}))
      .output(object({field("changed", integer()), field("changes", array(Schema(Json{{"type", "object"}}))), file()}))
      .concurrent()
      .blocking()
      .handle(&Plugin::run<&fix_operation>);
  d.post("diff", "/docx/diff")
      .summary("Compares the text of two documents: paragraphs, and in those that changed, words")
      .description(
          "`changes` in the order of the text, each of `kind` inserted, deleted, changed (with `words` of kind same, "
          "inserted, deleted) or restyled; `before` and `after` are numbers of paragraphs. Tracked changes count as "
          "accepted.")
      .input(object(
          {document(), field("other", berth::string().min_length(1).max_length(4096).describe("The newer one")),
           berth::optional("limit", integer().minimum(1).maximum(10000).otherwise(500).describe("How many are told"))}))
      .output(object({field("same", boolean()), field("counts", Schema(Json{{"type", "object"}})),
                      field("changes", array(Schema(Json{{"type", "object"}}))), field("truncated", boolean())}))
      .scope(berth::read)
      .read_only()
      .concurrent()
      .blocking()
      .handle(&Plugin::run<&diff_operation>);
}

}  // namespace docx
