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

// A piece of a run, from one byte of its text to another, as a run of its own; nothing, if there is nothing in it.
// What shows nothing goes with the piece that it begins in; at its very end, with the last.
std::string cut(const Tree& tree, std::uint32_t run, std::size_t from, std::size_t to, bool last) {
  std::string properties, content;
  std::size_t at = 0;
  for (std::uint32_t child = tree.at(run).first; child != none; child = tree.at(child).next) {
    if (tree.is(child, Space::w, "rPr")) {
      properties = tree.source(child);
      continue;
    }
    const std::string text = shown(tree, child);
    const std::size_t begin = std::max(at, from), end = std::min(at + text.size(), to);
    if (text.empty() ? (at >= from && (at < to || (last && at == to))) : (begin == at && end == at + text.size()))
      content += tree.source(child);
    else if (begin < end)
      content += "<" + word_prefix(tree, child) + "t xml:space=\"preserve\">" +
                 escaped(text.substr(begin - at, end - begin)) + closing(tree, child);
    at += text.size();
  }
  if (content.empty()) return {};
  return opening(tree, run) + properties + content + closing(tree, run);
}

void replace_name(std::string& text, const std::string& from, const std::string& to) {
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    const char next = at + from.size() < text.size() ? text[at + from.size()] : '\0';
    if (next == '>' || next == ' ' || next == '/' || next == '\t' || next == '\n' || next == '\r')
      text.replace(at, from.size(), to);
    else
      at += from.size() > to.size() ? from.size() - to.size() : 0;
  }
}

// Names of texts in a run, whatever its prefix.
std::string renamed(std::string_view run, const char* from, const char* to) {
  std::string text(run);
  const auto name_end = text.find_first_of(" >/", 1);
  const auto colon = text.substr(0, name_end).find(':');
  const std::string prefix = colon == std::string::npos ? "" : text.substr(1, colon);
  replace_name(text, "<" + prefix + from, "<" + prefix + to);
  replace_name(text, "</" + prefix + from, "</" + prefix + to);
  return text;
}

}  // namespace

std::string word_prefix(const Tree& tree, std::uint32_t node) { return tree.prefix(node, Space::w).value_or("w:"); }

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

void mark_passage(const Tree& tree, const std::vector<RunText>& runs, const Passage& passage, const Around& around,
                  Edits& edits) {
  std::vector<const RunText*> touched;
  for (const auto& one : runs) {
    if (one.begin < passage.end && one.begin + one.text.size() > passage.begin) touched.push_back(&one);
  }
  for (const auto* one : touched) {
    const std::size_t from = passage.begin > one->begin ? passage.begin - one->begin : 0;
    const std::size_t to = std::min(passage.end - one->begin, one->text.size());
    const bool whole = from == 0 && to == one->text.size();
    const std::string middle = whole ? std::string(tree.source(one->run)) : cut(tree, one->run, from, to, false);
    std::string text = whole ? "" : cut(tree, one->run, 0, from, false);
    text += around(middle, one == touched.front(), one == touched.back());
    if (!whole) text += cut(tree, one->run, to, one->text.size(), true);
    edits.replace(tree.at(one->run).begin, tree.at(one->run).end, std::move(text));
  }
}

void mark_place(const Tree& tree, std::uint32_t paragraph, const std::vector<RunText>& runs, std::size_t place,
                const std::function<std::string(const std::string&)>& what, Edits& edits) {
  const RunText* before = nullptr;
  for (const auto& one : runs) {
    if (one.text.empty()) continue;
    if (one.begin < place || !before) before = &one;
  }
  std::string properties;
  if (before) {
    const auto its = tree.child(before->run, Space::w, "rPr");
    if (its != none) properties = tree.source(its);
  }
  if (!before) {  // of an empty paragraph
    const Node& node = tree.at(paragraph);
    if (!node.empty()) return edits.insert(node.close_begin, what(properties));
    return edits.replace(node.end - 2, node.end, ">" + what(properties) + closing(tree, paragraph));
  }
  const std::size_t within = place > before->begin ? place - before->begin : 0;
  if (within == 0) return edits.insert(tree.at(before->run).begin, what(properties));
  if (within >= before->text.size()) return edits.insert(tree.at(before->run).end, what(properties));
  edits.replace(tree.at(before->run).begin, tree.at(before->run).end,
                cut(tree, before->run, 0, within, false) + what(properties) +
                    cut(tree, before->run, within, before->text.size(), true));
}

std::string as_deleted(std::string_view run) {
  return renamed(renamed(run, "t", "delText"), "instrText", "delInstrText");
}

std::string as_kept(std::string_view run) { return renamed(renamed(run, "delText", "t"), "delInstrText", "instrText"); }

}  // namespace docx
