// Tracked changes: accepted, rejected, proposed.
#include <set>
#include <utility>

#include "edit/editing.hpp"
#include "edit/names.hpp"
#include "edit/orphans.hpp"
#include "edit/passage.hpp"
#include "edit/revisions.hpp"
#include "edit/said.hpp"
#include "operations.hpp"
#include "read/keys.hpp"

namespace docx {

using berth::Error;
using berth::Json;
using ooxml::serve::Asked;
using ooxml::serve::WrongInput;

namespace {

bool is_story(Role role) {
  return role == Role::document || role == Role::header || role == Role::footer || role == Role::footnotes ||
         role == Role::endnotes;
}

Json told(const Revision& one, const std::string& part) {
  constexpr const char* of[] = {"text", "paragraph", "row", "cell", "look"};
  return {{"number", one.number},
          {"part", part},
          {"kind", one.kind},
          {"of", of[static_cast<int>(one.of)]},
          {"id", one.id},
          {"author", one.author},
          {"date", one.date},
          {"text", one.text},
          {"paragraph", one.paragraph}};
}

// Which of the document's tracked changes are meant; of other stories all, unless they are chosen one by one.
Choice choice_of(const Asked& asked, bool document) {
  std::set<std::size_t> numbers;
  const Json given = asked.input.value("numbers", Json::array());
  if (!given.is_array()) throw WrongInput(422, "bad_numbers", "numbers are a list: [1, 2]");
  for (const auto& one : given) {
    if (!one.is_number_integer() || one < 1)
      throw WrongInput(422, "bad_numbers", one.dump() + " is no number of a tracked change",
                       "POST /docx/revisions tells them");
    numbers.insert(one.get<std::size_t>());
  }
  const std::string author = asked.text("author");
  if (numbers.empty() && author.empty() && !asked.input.value("all", false))
    throw Error(400, "nothing_chosen", "it is not said which tracked changes are meant",
                "say `numbers` (POST /docx/revisions tells them), an `author`, or `all`");
  return [numbers, author, document](const Revision& one) {
    if (!numbers.empty() && (!document || !numbers.contains(one.number))) return false;
    return author.empty() || one.author == author;
  };
}

Json settle_operation(const Asked& asked, bool accept) {
  const auto place = ooxml::serve::place_for(asked);
  Editing editing(asked);
  const auto commented = comments_in(editing.document());
  std::size_t settled = 0;
  for (const auto& part : editing.package().parts()) {
    const Role role = role_of(editing.package(), part);
    if (!is_story(role)) continue;
    const auto chosen = choice_of(asked, role == Role::document);
    const auto all = revisions_of(editing.tree(part));
    Edits edits;
    for (const auto& one : all) settled += chosen(one) ? 1 : 0;
    settle(editing.tree(part), all, chosen, accept, edits);
    editing.change(part, edits);
    for (bool more = !edits.empty(); more;) {
      Edits joined;
      join(editing.tree(part), joined);
      more = !joined.empty();
      editing.change(part, joined);
    }
  }
  if (settled == 0)
    throw WrongInput(404, "no_revision", "there is no such tracked change",
                     "POST /docx/revisions lists those there are");
  std::set<std::string> lost = commented;
  for (const auto& id : comments_in(editing.document())) lost.erase(id);
  drop_comments(editing, std::move(lost));
  Json answer{{"settled", settled}};
  answer["file"] = editing.put(place);
  return answer;
}

std::string free_revision_id(const Tree& document) {
  long most = 0;
  for (std::uint32_t one = 0; one < document.nodes().size(); ++one) {
    if (document.at(one).space != Space::w) continue;
    most = std::max(most, number(document.attribute(one, Space::w, "id").value_or(""), 0));
  }
  return std::to_string(most < 2'000'000'000 ? most + 1 : 1);
}

// <w:ins …> or <w:del …> around runs.
class Proposal {
 public:
  Proposal(const Tree& tree, std::uint32_t paragraph, const Asked& asked)
      : m_names(names_of(tree, paragraph)),
        m_id(number(free_revision_id(tree), 1)),
        m_author(said(asked, "author", "Berth")),
        m_date(now_text()) {}
  std::string deleted(const std::string& run) { return wrapped("del", run); }
  // Lines become breaks: a paragraph is not divided.
  std::string inserted(const std::string& text, const std::string& look) {
    std::string run = look;
    for (std::size_t at = 0; at <= text.size();) {
      const auto end = std::min(text.find('\n', at), text.size());
      if (at > 0) run += element_of(m_names, "br", {});
      run += text_element(m_names, escaped(text.substr(at, end - at)));
      at = end + 1;
    }
    return wrapped("ins", element_of(m_names, "r", {}, run));
  }

 private:
  std::string wrapped(const std::string& name, const std::string& what) {
    return element_of(m_names, name, {{"id", std::to_string(m_id++)}, {"author", m_author}, {"date", m_date}}, what);
  }
  const Names m_names;
  long m_id;
  const std::string m_author, m_date;
};

std::string look_at(const Tree& tree, const std::vector<RunText>& runs, std::size_t place) {
  for (const auto& one : runs) {
    if (!one.text.empty() && one.begin + one.text.size() > place) return look_of(tree, one.run);
  }
  return {};
}

void propose(const Tree& tree, const Asked& asked, Edits& edits) {
  const auto paragraph = paragraph_of(tree, asked.input.at("paragraph"));
  const auto runs = runs_of(tree, paragraph);
  const std::string find = asked.text("find"), insert = said(asked, "insert"), where = asked.text("where", "replace");
  if (find.empty() && insert.empty())
    throw Error(
        400, "nothing_proposed", "neither `find` nor `insert` is said",
        "find alone: it is to be deleted; insert alone: at the paragraph's end; both: one in the other's place");
  if (where != "replace" && where != "before" && where != "after")
    throw WrongInput(422, "unknown_where", "where is \"replace\", \"before\" or \"after\"");
  Proposal proposal(tree, paragraph, asked);
  const auto put = [&](const std::string& look) { return proposal.inserted(insert, look); };
  if (find.empty()) return mark_end(tree, paragraph, runs, put, edits);
  const auto passage = find_passage(runs, find, asked.input.value("occurrence", std::size_t(0)));
  if (where != "replace" && !insert.empty())
    return mark_place(tree, runs, where == "before" ? passage.begin : passage.end, put, edits);
  const std::string look = look_at(tree, runs, passage.begin);
  const auto around = [&](const std::string& run, bool, bool last) {
    std::string text = proposal.deleted(run);
    if (last && !insert.empty()) text += proposal.inserted(insert, look);
    return text;
  };
  mark_passage(tree, runs, passage, RunForm::deleted, around, edits);
}

}  // namespace

Json revisions_operation(const Asked& asked) {
  Editing editing(asked);
  const std::size_t most = asked.input.value("limit", std::size_t(500));
  Json all = Json::array();
  std::size_t count = 0;
  for (const auto& part : editing.package().parts()) {
    if (!is_story(role_of(editing.package(), part))) continue;
    for (const auto& one : revisions_of(editing.tree(part))) {
      ++count;
      if (all.size() < most) all.push_back(told(one, part.name));
    }
  }
  return {{"revisions", std::move(all)}, {"count", count}};
}

Json revision_accept_operation(const Asked& asked) { return settle_operation(asked, true); }
Json revision_reject_operation(const Asked& asked) { return settle_operation(asked, false); }

Json revision_propose_operation(const Asked& asked) {
  const auto place = ooxml::serve::place_for(asked);
  Editing editing(asked);
  Edits edits;
  propose(editing.document(), asked, edits);
  editing.change(Role::document, edits);
  Json answer;
  answer["file"] = editing.put(place);
  return answer;
}

}  // namespace docx
