// Inline texts are gathered until a block begins; a block is lines, and what it is in puts something before them.
#include "markdown.hpp"

#include <berth/output.hpp>

#include <algorithm>
#include <string_view>
#include <utility>

#include "elements.hpp"

namespace browser {

namespace {

std::string indented(const std::string& text, const std::string& first, const std::string& others) {
  std::string out = first;
  for (const char c : text) {
    out += c;
    if (c == '\n') out += others;
  }
  return out;
}

class Markdown {
 public:
  Markdown(bool whole, bool marks) : m_whole(whole), m_marks(marks) {}

  std::string all(const Json& node) {
    block(node, 0);
    flush();
    std::string text;
    for (const auto& one : m_blocks) text += (text.empty() ? "" : m_marks ? "\n\n" : "\n") + one;
    return text;
  }

 private:
  void put(std::string text) {
    while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
    if (!text.empty()) m_blocks.push_back(std::move(text));
  }
  void flush() {
    const std::string text = elements::squeezed(std::exchange(m_run, {}));
    if (!text.empty()) m_blocks.push_back(text);
  }
  std::string inside(const Json& node, int depth) const {
    if (depth > elements::deepest) return {};
    Markdown inner(m_whole, m_marks);
    for (const Json& child : elements::children(node)) inner.walk(child, depth + 1);
    inner.flush();
    std::string text;
    for (const auto& one : inner.m_blocks) text += (text.empty() ? "" : m_marks ? "\n\n" : "\n") + one;
    return text;
  }
  std::string line(const Json& node, int depth) const { return elements::squeezed(inline_of(node, depth), false); }

  void walk(const Json& node, int depth) {
    if (depth > elements::deepest) return;
    if (elements::is_block(node)) return block(node, depth);
    m_run += inline_of(node, depth);
  }

  void block(const Json& node, int depth) {
    if (!node.is_array()) return walk(node, depth);
    const std::string name = elements::name_of(node);
    if (!m_whole && depth > 0 && elements::leads_away(node)) return;
    flush();
    if (name.size() == 2 && name[0] == 'h' && name[1] >= '1' && name[1] <= '6') {
      const std::string text = line(node, depth);
      if (!text.empty()) put((m_marks ? std::string(static_cast<std::size_t>(name[1] - '0'), '#') + " " : "") + text);
    } else if (name == "pre") {
      const std::string text = elements::text_as_it_is(node);
      put(m_marks
              ? "```" + elements::attribute(node, "language") + "\n" + text + (text.ends_with('\n') ? "" : "\n") + "```"
              : text);
    } else if (name == "ul" || name == "ol" || name == "menu") {
      list(node, name == "ol", depth);
    } else if (name == "blockquote") {
      put(m_marks ? indented(inside(node, depth), "> ", "> ") : inside(node, depth));
    } else if (name == "hr") {
      if (m_marks) put("---");
    } else if (name == "table" && elements::is_data(node)) {
      put(m_marks ? table(node) : plain_table(node));
    } else {
      for (const Json& child : elements::children(node)) walk(child, depth + 1);
      flush();
    }
  }

  void list(const Json& node, bool numbered, int depth) {
    std::string text;
    int number = std::max(1, std::atoi(elements::attribute(node, "start").c_str()));
    for (const Json& child : elements::children(node)) {
      if (!child.is_array()) continue;
      std::string item = inside(child, depth + 1);
      for (std::size_t at; (at = item.find("\n\n")) != item.npos;) item.erase(at, 1);  // close together
      if (item.empty()) continue;
      const std::string sign = !m_marks ? "" : numbered ? std::to_string(number) + ". " : "- ";
      const std::string lines = indented(item, sign, std::string(sign.size(), ' '));
      text += (text.empty() ? "" : "\n") + lines;
      ++number;
    }
    put(text);
  }

  static std::string plain_table(const Json& node) {
    std::string text;
    for (const auto& row : elements::rows_of(node)) {
      std::string one;
      for (const auto& cell : row.cells) one += (one.empty() ? "" : "\t") + cell;
      text += (text.empty() ? "" : "\n") + one;
    }
    return text;
  }

  static std::string table(const Json& node) {
    const auto rows = elements::rows_of(node);
    std::size_t width = 0;
    for (const auto& row : rows) width = std::max(width, row.cells.size());
    std::string text;
    const auto add = [&](const std::vector<std::string>& cells) {
      for (std::size_t i = 0; i < width; ++i) {
        std::string cell = i < cells.size() ? cells[i] : "";
        for (std::size_t at = 0; (at = cell.find('|', at)) != cell.npos; at += 2) cell.insert(at, "\\");
        text += "| " + cell + " ";
      }
      text += "|\n";
    };
    const bool headed = !rows.empty() && rows.front().head;
    add(headed ? rows.front().cells : std::vector<std::string>());
    for (std::size_t i = 0; i < width; ++i) text += "| --- ";
    text += "|\n";
    for (std::size_t i = headed ? 1 : 0; i < rows.size(); ++i) add(rows[i].cells);
    return text;
  }

  static std::string around(const std::string& text, const char* sign) {
    const auto begin = text.find_first_not_of(" \n\t"), end = text.find_last_not_of(" \n\t");
    if (begin == text.npos) return text;
    return text.substr(0, begin) + sign + text.substr(begin, end - begin + 1) + sign + text.substr(end + 1);
  }

  std::string inline_of(const Json& node, int depth) const {
    if (node.is_string()) return elements::spaces_as_one(node.get_ref<const std::string&>());
    if (!node.is_array() || depth > elements::deepest) return {};
    const std::string name = elements::name_of(node);
    if (name == "br") return "\n";
    if (name == "img") return image(node);
    if (name == "code" || name == "kbd" || name == "samp") {
      const std::string text = elements::text_as_it_is(node);
      return !m_marks || text.empty() ? text : "`" + text + "`";
    }
    std::string text;
    for (const Json& child : elements::children(node)) {
      if (elements::is_block(child) && !text.empty() && text.back() != ' ') text += ' ';
      text += inline_of(child, depth + 1);
      if (elements::is_block(child) && !text.empty()) text += ' ';
    }
    if (!m_marks || elements::squeezed(text).empty()) return text;
    if (name == "strong" || name == "b") return around(text, "**");
    if (name == "em" || name == "i") return around(text, "*");
    if (name == "del" || name == "s") return around(text, "~~");
    const std::string url = name == "a" ? elements::attribute(node, "href") : "";
    return url.empty() ? text : "[" + elements::squeezed(text, false) + "](" + url + ")";
  }

  std::string image(const Json& node) const {
    const std::string about = elements::attribute(node, "alt"), url = elements::attribute(node, "src");
    if (!m_marks || about.empty()) return about;
    return "![" + elements::squeezed(about, false) + "](" + url + ")";
  }

  const bool m_whole, m_marks;
  std::vector<std::string> m_blocks;
  std::string m_run;
};

}  // namespace

std::string markdown_of(const Json& node, bool whole) { return Markdown(whole, true).all(node); }

std::string plain_text_of(const Json& node, bool whole) { return Markdown(whole, false).all(node); }

}  // namespace browser
