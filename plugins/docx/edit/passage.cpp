// A run is properties, and then pieces: texts, tabs, breaks, pictures. Only texts are ever cut.
#include "edit/passage.hpp"

#include <algorithm>

#include "serve/asked.hpp"

namespace docx {

using ooxml::serve::WrongInput;

namespace {

// What a child of a run shows: a text's own, one character of a tab or a break, nothing of others.
std::string shown(const Tree& tree, std::uint32_t child) {
  if (tree.is(child, Space::w, "t")) return tree.content(child);
  if (tree.is(child, Space::w, "tab")) return "\t";
  if (tree.is(child, Space::w, "br") || tree.is(child, Space::w, "cr")) return "\n";
  return {};
}

bool hides(const Tree& tree, std::uint32_t node) {
  return tree.is(node, Space::w, "del") || tree.is(node, Space::w, "moveFrom") || tree.is(node, Space::w, "p") ||
         tree.is(node, Space::mc, "Fallback") || tree.is(node, Space::w, "txbxContent");
}

std::string opening(const Tree& tree, std::uint32_t node) {
  const Node& one = tree.at(node);
  return tree.text().substr(one.begin, one.open_end - one.begin);
}

std::string closing(const Tree& tree, std::uint32_t node) {
  const Node& one = tree.at(node);
  return "</" + (one.prefix.empty() ? "" : std::string(one.prefix) + ":") + std::string(one.local) + ">";
}

// A child of a run under another name.
std::string renamed(const Tree& tree, std::uint32_t child, const char* name) {
  const Node& one = tree.at(child);
  const std::string whole = (one.prefix.empty() ? "" : std::string(one.prefix) + ":") + name;
  const std::size_t behind = one.begin + 1 + one.prefix.size() + (one.prefix.empty() ? 0 : 1) + one.local.size();
  const std::string text = "<" + whole + tree.text().substr(behind, one.close_begin - behind);
  return one.empty() ? text : text + "</" + whole + ">";
}

// As it is, or as deleted text: that of a run itself, not of what is drawn in it.
std::string child_of_run(const Tree& tree, std::uint32_t child, RunForm form) {
  if (form == RunForm::deleted && tree.is(child, Space::w, "t")) return renamed(tree, child, "delText");
  if (form == RunForm::deleted && tree.is(child, Space::w, "instrText")) return renamed(tree, child, "delInstrText");
  return std::string(tree.source(child));
}

// A part of a run's text.
std::string cut_text(const Tree& tree, std::uint32_t child, const std::string& text, RunForm form) {
  const Node& one = tree.at(child);
  const std::string name =
      (one.prefix.empty() ? "" : std::string(one.prefix) + ":") + (form == RunForm::deleted ? "delText" : "t");
  return "<" + name + " xml:space=\"preserve\">" + escaped(text) + "</" + name + ">";
}

// A piece of a run, from one byte of its text to another, as a run of its own; nothing, if there is nothing in it.
// What shows nothing goes with the piece that it begins in; at its very end, with the last.
struct RunPiece {
  std::size_t from = 0, to = 0;
  bool last = false;
  RunForm form = RunForm::same;
};
std::string cut(const Tree& tree, std::uint32_t run, const RunPiece& piece) {
  std::string properties, content;
  std::size_t at = 0;
  for (std::uint32_t child = tree.at(run).first; child != none; child = tree.at(child).next) {
    if (tree.is(child, Space::w, "rPr")) {
      properties = tree.source(child);
      continue;
    }
    const std::string text = shown(tree, child);
    const std::size_t begin = std::max(at, piece.from), end = std::min(at + text.size(), piece.to);
    if (text.empty() ? (at >= piece.from && (at < piece.to || (piece.last && at == piece.to)))
                     : (begin == at && end == at + text.size()))
      content += child_of_run(tree, child, piece.form);
    else if (begin < end)
      content += cut_text(tree, child, text.substr(begin - at, end - begin), piece.form);
    at += text.size();
  }
  if (content.empty()) return {};
  return opening(tree, run) + properties + content + closing(tree, run);
}

// What a tracked change says of a look is no part of it.
bool is_past(const Tree& tree, std::uint32_t property) {
  constexpr std::string_view names[] = {"ins", "del", "moveFrom", "moveTo", "rPrChange"};
  return tree.at(property).space == Space::w &&
         std::find(std::begin(names), std::end(names), tree.at(property).local) != std::end(names);
}

const RunText* last_with_text(const std::vector<RunText>& runs) {
  const auto last = std::find_if(runs.rbegin(), runs.rend(), [](const RunText& one) { return !one.text.empty(); });
  return last == runs.rend() ? nullptr : &*last;
}

}  // namespace

std::vector<std::uint32_t> paragraphs_of(const Tree& tree) {
  std::vector<std::uint32_t> all;
  for (std::uint32_t node = 0; node < tree.nodes().size();) {
    if (tree.is(node, Space::mc, "Fallback")) {
      node = tree.after(node);
      continue;
    }
    if (tree.is(node, Space::w, "p")) all.push_back(node);
    ++node;
  }
  return all;
}

std::uint32_t paragraph_of(const Tree& tree, std::size_t number) {
  const auto all = paragraphs_of(tree);
  if (number == 0 || number > all.size())
    throw WrongInput(
        404, "no_paragraph",
        "there is no paragraph " + std::to_string(number) + "; the document has " + std::to_string(all.size()),
        "POST /docx/inspect tells the numbers of paragraphs");
  return all[number - 1];
}

std::vector<RunText> runs_of(const Tree& tree, std::uint32_t paragraph) {
  std::vector<RunText> runs;
  std::size_t at = 0;
  const std::uint32_t end = tree.after(paragraph);
  for (std::uint32_t node = paragraph + 1; node < end;) {
    if (hides(tree, node)) {
      node = tree.after(node);
    } else if (tree.is(node, Space::w, "r")) {
      RunText run{node, at, {}};
      for (std::uint32_t child = tree.at(node).first; child != none; child = tree.at(child).next)
        run.text += shown(tree, child);
      at += run.text.size();
      runs.push_back(std::move(run));
      node = tree.after(node);
    } else {
      ++node;
    }
  }
  return runs;
}

std::string text_of(const std::vector<RunText>& runs) {
  std::string all;
  for (const auto& one : runs) all += one.text;
  return all;
}

Passage find_passage(const std::vector<RunText>& runs, const std::string& text, std::size_t occurrence) {
  const std::string all = text_of(runs);
  std::vector<std::size_t> places;
  for (auto at = all.find(text); at != std::string::npos && places.size() < 10'000; at = all.find(text, at + 1))
    places.push_back(at);
  if (places.empty() || occurrence > places.size())
    throw WrongInput(404, "no_such_text",
                     "the paragraph does not have this text" + std::string(places.empty() ? "" : " so often"),
                     "its text is: " + all.substr(0, 300));
  if (occurrence == 0 && places.size() > 1)
    throw WrongInput(422, "ambiguous", "the paragraph has this text " + std::to_string(places.size()) + " times",
                     "say which one in `occurrence`, from 1");
  const std::size_t begin = places[occurrence == 0 ? 0 : occurrence - 1];
  return {begin, begin + text.size()};
}

std::string look_of(const Tree& tree, std::uint32_t run) {
  const auto properties = tree.child(run, Space::w, "rPr");
  if (properties == none || tree.at(properties).empty()) return {};
  std::string look;
  for (std::uint32_t one = tree.at(properties).first; one != none; one = tree.at(one).next) {
    if (!is_past(tree, one)) look += tree.source(one);
  }
  return look.empty() ? look : opening(tree, properties) + look + closing(tree, properties);
}

void mark_passage(const Tree& tree, const std::vector<RunText>& runs, const Passage& passage, RunForm form,
                  const Around& around, Edits& edits) {
  std::vector<const RunText*> touched;
  for (const auto& one : runs) {
    if (one.begin < passage.end && one.begin + one.text.size() > passage.begin) touched.push_back(&one);
  }
  for (const auto* one : touched) {
    const std::size_t from = passage.begin > one->begin ? passage.begin - one->begin : 0;
    const std::size_t to = std::min(passage.end - one->begin, one->text.size());
    const bool whole = from == 0 && to == one->text.size();
    const std::string middle = whole && form == RunForm::same ? std::string(tree.source(one->run))
                                                              : cut(tree, one->run, {from, to, whole, form});
    std::string text = whole ? "" : cut(tree, one->run, {0, from, false, RunForm::same});
    text += around(middle, one == touched.front(), one == touched.back());
    if (!whole) text += cut(tree, one->run, {to, one->text.size(), true, RunForm::same});
    edits.replace(tree.at(one->run).begin, tree.at(one->run).end, std::move(text));
  }
}

void mark_place(const Tree& tree, const std::vector<RunText>& runs, std::size_t place, const New& what, Edits& edits) {
  const RunText* before = nullptr;
  for (const auto& one : runs) {
    if (one.text.empty()) continue;
    if (one.begin < place || !before) before = &one;
  }
  if (!before) return;
  const std::string text = what(look_of(tree, before->run));
  const std::size_t within = place > before->begin ? place - before->begin : 0;
  if (within == 0) return edits.insert(tree.at(before->run).begin, text);
  if (within >= before->text.size()) return edits.insert(tree.at(before->run).end, text);
  edits.replace(tree.at(before->run).begin, tree.at(before->run).end,
                cut(tree, before->run, {0, within, false, RunForm::same}) + text +
                    cut(tree, before->run, {within, before->text.size(), true, RunForm::same}));
}

void mark_end(const Tree& tree, std::uint32_t paragraph, const std::vector<RunText>& runs, const New& what,
              Edits& edits) {
  const RunText* last = last_with_text(runs);
  // One in a link or the like looks as it does because of that.
  const bool plain =
      last && (tree.at(last->run).parent == paragraph || tree.is(tree.at(last->run).parent, Space::w, "ins"));
  const std::string text = what(plain ? look_of(tree, last->run) : std::string());
  const Node& node = tree.at(paragraph);
  if (!node.empty()) return edits.insert(node.close_begin, text);
  edits.replace(node.end - 2, node.end, ">" + text + closing(tree, paragraph));
}

}  // namespace docx
