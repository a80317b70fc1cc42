// A reply is found by the thread that it belongs to: w14:paraId of a comment's last paragraph is the thread's name.
#include "edit/orphans.hpp"

#include <utility>
#include <vector>

namespace docx {

namespace {

// The thread of each comment, as far as it has one.
std::vector<std::pair<std::string, std::string>> threads_of(const Tree& comments) {
  std::vector<std::pair<std::string, std::string>> all;
  for (std::uint32_t one = comments.at(0).first; one != none; one = comments.at(one).next) {
    const auto id = comments.attribute(one, Space::w, "id");
    if (!id || !comments.is(one, Space::w, "comment")) continue;
    std::string thread;
    for (std::uint32_t at = comments.at(one).first; at != none; at = comments.at(at).next) {
      if (comments.is(at, Space::w, "p")) thread = comments.attribute(at, Space::w14, "paraId").value_or("");
    }
    all.emplace_back(*id, std::move(thread));
  }
  return all;
}

// Threads that go: their own entries, and those that answer them.
Edits drop_threads(const Tree& extended, std::set<std::string>& threads) {
  Edits edits;
  const auto first = threads;
  for (std::uint32_t one = extended.at(0).first; one != none; one = extended.at(one).next) {
    const std::string thread = extended.attribute(one, Space::w15, "paraId").value_or("");
    if (!first.contains(thread) && !first.contains(extended.attribute(one, Space::w15, "paraIdParent").value_or("")))
      continue;
    threads.insert(thread);
    edits.remove(extended.at(one).begin, extended.at(one).end);
  }
  return edits;
}

// The run of a reference, if there is nothing else in it.
std::uint32_t holder_of(const Tree& story, std::uint32_t reference) {
  const auto run = story.at(reference).parent;
  if (!story.is(run, Space::w, "r")) return reference;
  for (std::uint32_t one = story.at(run).first; one != none; one = story.at(one).next) {
    if (one != reference && !story.is(one, Space::w, "rPr")) return reference;
  }
  return run;
}

Edits drop_marks(const Tree& story, const std::set<std::string>& ids) {
  Edits edits;
  for (std::uint32_t one = 0; one < story.nodes().size(); ++one) {
    const bool reference = story.is(one, Space::w, "commentReference");
    if (!reference && !story.is(one, Space::w, "commentRangeStart") && !story.is(one, Space::w, "commentRangeEnd"))
      continue;
    if (!ids.contains(story.attribute(one, Space::w, "id").value_or(""))) continue;
    const Node& gone = story.at(reference ? holder_of(story, one) : one);
    edits.remove(gone.begin, gone.end);
  }
  return edits;
}

}  // namespace

std::set<std::string> comments_in(const Tree& story) {
  std::set<std::string> ids;
  for (std::uint32_t one = 0; one < story.nodes().size(); ++one) {
    if (story.is(one, Space::w, "commentReference")) ids.insert(story.attribute(one, Space::w, "id").value_or(""));
  }
  return ids;
}

void drop_comments(Editing& editing, std::set<std::string> ids) {
  const Tree* comments = editing.tree(Role::comments);
  if (ids.empty() || !comments) return;
  const auto all = threads_of(*comments);
  std::set<std::string> threads;
  for (const auto& [id, thread] : all) {
    if (ids.contains(id) && !thread.empty()) threads.insert(thread);
  }
  if (const Tree* extended = editing.tree(Role::comments_extended))
    editing.change(Role::comments_extended, drop_threads(*extended, threads));
  for (const auto& [id, thread] : all) {
    if (threads.contains(thread)) ids.insert(id);
  }
  Edits edits;
  for (std::uint32_t one = comments->at(0).first; one != none; one = comments->at(one).next) {
    if (comments->is(one, Space::w, "comment") && ids.contains(comments->attribute(one, Space::w, "id").value_or("")))
      edits.remove(comments->at(one).begin, comments->at(one).end);
  }
  editing.change(Role::comments, edits);
  editing.change(Role::document, drop_marks(editing.document(), ids));
}

}  // namespace docx
