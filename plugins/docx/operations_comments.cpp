// Comments: listed, added, answered, resolved.
#include <ctime>
#include <set>
#include <utility>

#include "edit/editing.hpp"
#include "edit/names.hpp"
#include "edit/passage.hpp"
#include "edit/said.hpp"
#include "operations.hpp"
#include "read/keys.hpp"

namespace docx {

using berth::Error;
using berth::Json;
using ooxml::serve::Asked;
using ooxml::serve::WrongInput;

namespace {

constexpr const char* empty_comments =
    "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
    "<w:comments xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"></w:comments>";
constexpr const char* empty_threads =
    "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
    "<w15:commentsEx xmlns:w15=\"http://schemas.microsoft.com/office/word/2012/wordml\"></w15:commentsEx>";

Library library_of(Editing& editing) {
  Library library;
  read_all(editing.package(), library, {});
  library.join_threads();
  return library;
}

std::string free_comment_id(const Tree& comments, const Tree& document) {
  std::set<long> taken;
  const auto take = [&](const Tree& tree, std::uint32_t node) {
    taken.insert(number(tree.attribute(node, Space::w, "id").value_or(""), -1));
  };
  for (std::uint32_t one = comments.at(0).first; one != none; one = comments.at(one).next) take(comments, one);
  for (std::uint32_t one = 0; one < document.nodes().size(); ++one) {
    if (document.at(one).space == Space::w && document.at(one).local.substr(0, 7) == "comment") take(document, one);
  }
  long id = 0;
  while (taken.contains(id)) ++id;
  return std::to_string(id);
}

// Where a comment's own children begin and end in comments.xml.
std::uint32_t find_comment(const Tree& comments, const std::string& id) {
  for (std::uint32_t one = comments.at(0).first; one != none; one = comments.at(one).next) {
    if (comments.is(one, Space::w, "comment") && comments.attribute(one, Space::w, "id") == id) return one;
  }
  throw WrongInput(404, "no_comment", "there is no comment " + id, "POST /docx/comments lists those there are");
}

std::uint32_t last_paragraph(const Tree& comments, std::uint32_t comment) {
  std::uint32_t last = none;
  for (std::uint32_t one = comments.at(comment).first; one != none; one = comments.at(one).next) {
    if (comments.is(one, Space::w, "p")) last = one;
  }
  if (last == none) throw Error(422, "empty_comment", "the comment has no paragraph");
  return last;
}

// The w14:paraId of a comment's last paragraph; made, if it has none.
std::string thread_id(Editing& editing, const std::string& comment) {
  const Tree& comments = *editing.tree(Role::comments);
  const auto paragraph = last_paragraph(comments, find_comment(comments, comment));
  if (const auto id = comments.attribute(paragraph, Space::w14, "paraId")) return *id;
  const std::string id = new_paragraph_id(comments);
  Edits edits;
  const std::string prefix = declare_ignorable(comments, edits, Space::w14);
  const Node& node = comments.at(paragraph);
  edits.insert(node.open_end - (node.empty() ? 2 : 1), " " + prefix + "paraId=\"" + id + "\"");
  editing.change(Role::comments, edits);
  return id;
}

// What commentsExtended.xml says of a thread.
void set_thread(Editing& editing, const std::string& id, const std::string* parent, bool done) {
  editing.add(Role::comments_extended, empty_threads);
  const Tree& threads = *editing.tree(Role::comments_extended);
  const Names names = names_of(threads, 0, "w15");
  Edits edits;
  for (std::uint32_t one = threads.at(0).first; one != none; one = threads.at(one).next) {
    if (threads.attribute(one, Space::w15, "paraId") != id) continue;
    if (const auto range = threads.attribute_range(one, Space::w15, "done"))
      edits.replace(range->begin, range->end, done ? "1" : "0");
    else
      edits.insert(threads.at(one).open_end - (threads.at(one).empty() ? 2 : 1),
                   names.declaration + " " + names.attribute + "done=\"" + (done ? "1" : "0") + "\"");
    return editing.change(Role::comments_extended, edits);
  }
  const std::string is_done = done ? "1" : "0";
  const std::string child =
      parent ? element_of(names, "commentEx", {{"paraId", id}, {"paraIdParent", *parent}, {"done", is_done}})
             : element_of(names, "commentEx", {{"paraId", id}, {"done", is_done}});
  append_child(threads, edits, child);
  editing.change(Role::comments_extended, edits);
}

// The comment itself, at the end of comments.xml.
void append_comment(Editing& editing, const Asked& asked, const std::string& id) {
  const Tree& comments = *editing.tree(Role::comments);
  const Names names = names_of(comments, 0);
  const std::string author = said(asked, "author", "Berth"), text = said(asked, "comment");
  std::string paragraphs;
  for (std::size_t at = 0; at <= text.size();) {
    const auto end = std::min(text.find('\n', at), text.size());
    const std::string line = escaped(text.substr(at, end - at));
    paragraphs += element_of(names, "p", {}, element_of(names, "r", {}, text_element(names, line)));
    at = end + 1;
  }
  Edits edits;
  append_child(comments, edits,
               element_of(names, "comment",
                          {{"id", id},
                           {"author", author},
                           {"date", now_text()},
                           {"initials", said(asked, "initials", initials_of(author))}},
                          paragraphs));
  editing.change(Role::comments, edits);
}

struct Marks {
  std::string begin, end, reference;
};
Marks marks_of(const Names& names, const std::string& id) {
  return {element_of(names, "commentRangeStart", {{"id", id}}), element_of(names, "commentRangeEnd", {{"id", id}}),
          element_of(names, "r", {}, element_of(names, "commentReference", {{"id", id}}))};
}

// Around all that a paragraph has.
void anchor_paragraph(const Tree& document, std::uint32_t paragraph, const Marks& marks, Edits& edits) {
  const Node& node = document.at(paragraph);
  const auto properties = document.child(paragraph, Space::w, "pPr");
  const std::string end = marks.end + marks.reference;
  if (node.empty()) {
    const std::string name = names_of(document, paragraph).element + "p";
    return edits.replace(node.end - 2, node.end, ">" + marks.begin + end + "</" + name + ">");
  }
  edits.insert(properties == none ? node.open_end : document.at(properties).end, marks.begin);
  edits.insert(node.close_begin, end);
}

void anchor(Editing& editing, const Asked& asked, const std::string& id) {
  const Tree& document = editing.document();
  const auto paragraph = paragraph_of(document, asked.input.at("paragraph"));
  const Marks marks = marks_of(names_of(document, paragraph), id);
  Edits edits;
  const std::string text = asked.text("text");
  if (text.empty()) {
    anchor_paragraph(document, paragraph, marks, edits);
  } else {
    const auto runs = runs_of(document, paragraph);
    const auto passage = find_passage(runs, text, asked.input.value("occurrence", std::size_t(0)));
    const auto around = [&marks](const std::string& run, bool first, bool last) {
      return (first ? marks.begin : "") + run + (last ? marks.end + marks.reference : "");
    };
    mark_passage(document, runs, passage, RunForm::same, around, edits);
  }
  editing.change(Role::document, edits);
}

// A reply lies where the comment does that it answers.
void anchor_reply(Editing& editing, const std::string& parent, const std::string& id) {
  const Tree& document = editing.document();
  Edits edits;
  for (std::uint32_t one = 0; one < document.nodes().size(); ++one) {
    const Node& node = document.at(one);
    if (node.space != Space::w || document.attribute(one, Space::w, "id") != parent) continue;
    const Marks marks = marks_of(names_of(document, one), id);
    if (node.local == "commentRangeStart") edits.insert(node.end, marks.begin);
    if (node.local == "commentRangeEnd") edits.insert(node.end, marks.end);
    if (node.local == "commentReference" && document.is(node.parent, Space::w, "r"))
      edits.insert(document.at(node.parent).end, marks.reference);
  }
  editing.change(Role::document, edits);
}

Json done(Editing& editing, const Asked& asked, const std::string& id) {
  Json answer{{"id", id}};
  answer["file"] = editing.put(ooxml::serve::place_for(asked));
  return answer;
}

}  // namespace

std::string now_text() {
  const std::time_t now = std::time(nullptr);
  std::tm utc{};
  ::gmtime_r(&now, &utc);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc);
  return text;
}

Json comment_add_operation(const Asked& asked) {
  ooxml::serve::place_for(asked);  // refused before anything is read, if it is not said
  Editing editing(asked);
  editing.add(Role::comments, empty_comments);
  const std::string id = free_comment_id(*editing.tree(Role::comments), editing.document());
  anchor(editing, asked, id);
  append_comment(editing, asked, id);
  return done(editing, asked, id);
}

Json comment_reply_operation(const Asked& asked) {
  ooxml::serve::place_for(asked);
  Editing editing(asked);
  if (!editing.tree(Role::comments)) throw WrongInput(404, "no_comment", "the document has no comments");
  const std::string parent = asked.input.at("id");
  const Comment* answered = nullptr;
  const Library library = library_of(editing);
  answered = library.comment(parent);
  if (!answered) find_comment(*editing.tree(Role::comments), parent);
  // Word knows one level: a reply to a reply answers the first comment.
  const std::string top = answered && !answered->parent.empty() ? answered->parent : parent;
  const std::string thread = thread_id(editing, top);
  const std::string id = free_comment_id(*editing.tree(Role::comments), editing.document());
  append_comment(editing, asked, id);
  const std::string own = thread_id(editing, id);
  set_thread(editing, thread, nullptr, answered && answered->resolved);
  set_thread(editing, own, &thread, false);
  anchor_reply(editing, top, id);
  return done(editing, asked, id);
}

Json comment_resolve_operation(const Asked& asked) {
  ooxml::serve::place_for(asked);
  Editing editing(asked);
  if (!editing.tree(Role::comments)) throw WrongInput(404, "no_comment", "the document has no comments");
  const std::string id = asked.input.at("id");
  set_thread(editing, thread_id(editing, id), nullptr, asked.input.value("resolved", true));
  return done(editing, asked, id);
}

}  // namespace docx
