// `berth docx …`: the plugin's operations on files of the machine, without a host.
#include <string>
#include <utility>
#include <vector>

#include "operations.hpp"
#include "serve/tool.hpp"
#include "serve/verdict.hpp"

namespace {

using ooxml::serve::Tool;
using ooxml::serve::ToolOption;
using Form = ooxml::serve::ToolOption::Form;

std::string report(const std::string& file, const berth::Json& answer, bool colours) {
  return ooxml::serve::report_of(file, answer, colours);
}

std::string text(const std::string&, const berth::Json& answer, bool terminal) {
  const std::string all = answer.at("text");
  return terminal ? ooxml::serve::printable_lines(all) : all;
}

int exit_code(const berth::Json& answer) { return ooxml::serve::exit_of(answer); }

using Options = std::vector<ooxml::serve::ToolOption>;

Options with_place(Options options) {
  options.push_back({"--to", "FILE", "to", Form::text, "where the changed document goes"});
  options.push_back({"--replace", "", "replace", Form::flag, "the document itself, or what is there, is replaced"});
  return options;
}

Options with_author(Options options) {
  options.push_back({"--author", "NAME", "author", Form::text, "whose it is; Berth if not given"});
  return with_place(std::move(options));
}

void add_changes(Tool& docx) {
  const Options limit{{"--limit", "N", "limit", Form::number, "how many are told"}};
  const ToolOption paragraph{"--paragraph", "N", "paragraph", Form::number, "its number, as inspect tells it", true};
  const ToolOption occurrence{"--occurrence", "N", "occurrence", Form::number,
                              "which one, if the text is there more often"};
  const ToolOption said{"--comment", "TEXT", "comment", Form::text, "what is said", true};
  const ToolOption id{"--id", "ID", "id", Form::text, "of the comment", true};
  const Options chosen = with_place({{"--all", "", "all", Form::flag, "all of them"},
                                     {"--author", "NAME", "author", Form::text, "all of this author"},
                                     {"--numbers", "[N,…]", "numbers", Form::json, "these, as revisions counts them"}});
  docx.commands.push_back(
      {"fix", "Puts right what can be without asking, in a new file", {"path"}, with_place({}), &docx::fix_operation});
  docx.commands.push_back(
      {"diff", "Compares the text of two documents", {"path", "other"}, limit, &docx::diff_operation});
  docx.commands.push_back(
      {"comments add",
       "Comments a paragraph, or a passage of it",
       {"path"},
       with_author({paragraph, {"--text", "TEXT", "text", Form::text, "the passage"}, occurrence, said}),
       &docx::comment_add_operation});
  docx.commands.push_back(
      {"comments reply", "Replies to a comment", {"path"}, with_author({id, said}), &docx::comment_reply_operation});
  docx.commands.push_back({"comments resolve",
                           "Marks a comment as resolved",
                           {"path"},
                           with_place({id}),
                           &docx::comment_resolve_operation});
  docx.commands.push_back({"comments", "Lists comments", {"path"}, limit, &docx::comments_operation});
  docx.commands.push_back(
      {"revisions accept", "Accepts tracked changes", {"path"}, chosen, &docx::revision_accept_operation});
  docx.commands.push_back(
      {"revisions reject", "Rejects tracked changes", {"path"}, chosen, &docx::revision_reject_operation});
  docx.commands.push_back({"revisions propose",
                           "Proposes a change as a tracked one",
                           {"path"},
                           with_author({paragraph,
                                        {"--find", "TEXT", "find", Form::text, "what is to be deleted or replaced"},
                                        occurrence,
                                        {"--insert", "TEXT", "insert", Form::text, "what is new"},
                                        {"--where", "WHERE", "where", Form::text,
                                         "replace (if not given), before or after what was found"}}),
                           &docx::revision_propose_operation});
  docx.commands.push_back({"revisions", "Lists tracked changes", {"path"}, limit, &docx::revisions_operation});
}

Tool tool() {
  Tool docx{"docx", "documents of Word, judged, looked into and changed", {}};
  docx.commands.push_back(
      {"validate",
       "Judges a document: by the standard, by what Office makes of it, and by rules",
       {"path"},
       {{"--office", "YEAR", "office", Form::text, "2007, 2010, 2013, 2016, 2019 (if not given), 2021, 365"},
        {"--rule", "NAME=LEVEL", "rules", Form::pairs, "error, warning, hint or off; as often as needed"},
        {"--lua", "FILE", "lua", Form::text, "further rules: rule{…} in Lua"},
        {"--max-errors", "N", "max_errors", Form::number, "how many findings are told; 100 if not given"}},
       &docx::validate_operation,
       &report,
       &exit_code});
  docx.commands.push_back({"inspect",
                           "Tells what is in a document: outline, tables, pictures, styles, comments, revisions",
                           {"path"},
                           {{"--limit", "N", "limit", Form::number, "how many entries of each list; 200 if not given"}},
                           &docx::inspect_operation});
  docx.commands.push_back(
      {"text",
       "A document's text as Markdown",
       {"path"},
       {{"--revisions", "HOW", "revisions", Form::text, "accepted (if not given), rejected, shown"},
        {"--comments", "", "comments", Form::flag, "with comments, where they are referred to"},
        {"--max-bytes", "N", "max_bytes", Form::number, "how much text at most; 1 MiB if not given"}},
       &docx::text_operation,
       &text});
  add_changes(docx);
  return docx;
}

}  // namespace

int main(int count, char** words) {
  return ooxml::serve::run_tool(tool(), std::vector<std::string>(words + 1, words + count));
}
