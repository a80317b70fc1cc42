// A page as its users' aids see it has one node for each box; a model wants what can be read and what can be done. So a
// node without a meaning of its own is only the way to its children, and what it is called is not said again by them.
#include "snapshot.hpp"

#include <berth/output.hpp>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <string_view>
#include <unordered_map>

#include "words.hpp"

namespace browser {

namespace {

constexpr std::size_t longest_text = 300, longest_name = 150, most_lines = 20'000;
constexpr int deepest = 400, most_frames = 30;

std::string value_text(const Json& of, const char* field) {
  const Json& value = part(part(of, field), "value");
  if (value.is_string()) return value.get<std::string>();
  if (value.is_number() || value.is_boolean()) return berth::json_text(value);
  return {};
}

bool is_used(std::string_view role) {
  return one_of(role, {"button",   "link",          "textbox",       "searchbox",  "combobox",  "checkbox",
                       "radio",    "switch",        "slider",        "spinbutton", "menuitem",  "menuitemcheckbox",
                       "tab",      "option",        "menuitemradio", "treeitem",   "listbox",   "ComboBoxMenuButton",
                       "textarea", "Date",          "DateTime",      "InputTime",  "ColorWell", "DisclosureTriangle",
                       "gridcell", "MenuListOption"});
}
bool is_place(std::string_view role) {
  return one_of(role,
                {"navigation", "main",         "form",      "dialog",    "alertdialog",   "list",     "table",
                 "grid",       "row",          "region",    "article",   "complementary", "banner",   "contentinfo",
                 "search",     "menu",         "menubar",   "tablist",   "tree",          "toolbar",  "group",
                 "figure",     "Iframe",       "alert",     "status",    "radiogroup",    "tabpanel", "listitem",
                 "cell",       "columnheader", "rowheader", "blockquote"});
}
// Said only if they have a name of their own.
bool is_silent(std::string_view role) {
  return one_of(role, {"list", "listitem", "row", "group", "region", "article", "cell", "figure", "gridcell", "table",
                       "columnheader", "rowheader", "blockquote", "banner", "contentinfo", "complementary"});
}

std::string at_most(std::size_t most, std::string text) {
  if (text.size() <= most) return text;
  text.resize(most);
  text.resize(berth::whole_size(text));
  return text + "…";
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// A page says nothing that looks like a ref of ours: whoever reads `[e5]` would take it for one.
std::string squeezed(std::string_view text, std::size_t most) {
  std::string out;
  for (const char c : text) {
    const bool space = c == ' ' || c == '\n' || c == '\t' || c == '\r';
    if (space && (out.empty() || out.back() == ' ')) continue;
    const auto size = out.size();
    if (is_digit(c) && size > 1 && out[size - 1] == 'e' && out[size - 2] == '[') out[size - 2] = '(';
    out += space ? ' ' : c;
  }
  while (!out.empty() && out.back() == ' ') out.pop_back();
  return at_most(most, std::move(out));
}

// A name ends where its quotes do.
std::string in_quotes(std::string name) {
  std::replace(name.begin(), name.end(), '"', '\'');
  return " \"" + name + "\"";
}

// A URL has no spaces, whatever its scheme makes of them.
std::string without_spaces(const std::string& url) {
  std::string all;
  for (const char c : url) all += static_cast<unsigned char>(c) <= ' ' ? std::string("%20") : std::string(1, c);
  return all;
}

class Writer {
 public:
  explicit Writer(Refs& refs) : m_refs(refs) {}

  void write(const Tree& tree, int depth) {
    if (!tree.nodes.is_array()) return;
    std::unordered_map<std::string, const Json*> by_id;
    for (const Json& one : tree.nodes) by_id[text_of(one, "nodeId")] = &one;
    if (tree.nodes.empty()) return;
    const Frame frame{tree, by_id, url_of(tree.nodes.front())};
    walk(frame, tree.nodes.front(), depth, {}, 0);
    flush();
  }
  std::vector<std::string> take() { return std::move(m_lines); }

 private:
  struct Frame {
    const Tree& tree;
    const std::unordered_map<std::string, const Json*>& by_id;
    const std::string url;  // of the page
  };

  static std::string url_of(const Json& root) {
    const Json& properties = part(root, "properties");
    if (!properties.is_array()) return {};
    for (const Json& one : properties)
      if (text_of(one, "name") == "url") return value_text(one, "value");
    return {};
  }
  // As the page itself would write it: of its own site the path, of its own self the fragment.
  static std::string shortened(const std::string& url, const std::string& page) {
    const std::string self = page.substr(0, page.find('#'));
    if (!self.empty() && url.size() > self.size() && url[self.size()] == '#' && url.rfind(self, 0) == 0)
      return url.substr(self.size());
    const auto host = page.find("://");
    const auto path = host == page.npos ? page.npos : page.find('/', host + 3);
    return path != page.npos && url.rfind(page.substr(0, path + 1), 0) == 0 ? url.substr(path) : url;
  }

  // Texts that follow each other become one line.
  void add_text(const std::string& text, int depth) {
    if (text.empty()) return;
    if (m_text.empty()) m_text_depth = depth;
    m_text += (m_text.empty() ? "" : " ") + text;
  }
  // A label is not said again before what it is the name of.
  void flush(const std::string& next = {}) {
    if (m_text.empty()) return;
    const std::string text = squeezed(std::exchange(m_text, {}), longest_text);
    if (!text.empty() && text != next) put("\"" + text + "\"", m_text_depth);
  }
  void put(const std::string& line, int depth) {
    if (m_lines.size() < most_lines) m_lines.push_back(std::string(static_cast<std::size_t>(depth), ' ') + line);
  }

  static std::string states(const Json& node, const std::string& page) {
    std::string all;
    const Json& properties = part(node, "properties");
    if (!properties.is_array()) return all;
    for (const Json& one : properties) {
      const std::string name = text_of(one, "name"), value = value_text(one, "value");
      if (one_of(name, {"disabled", "required", "readonly", "selected", "modal", "focused"}) && value == "true")
        all += " " + name;
      if (name == "checked" && value != "false") all += value == "true" ? " checked" : " half-checked";
      if (name == "pressed" && value == "true") all += " pressed";
      if (name == "expanded") all += value == "true" ? " expanded" : " collapsed";
      if (name == "level") all += " " + value;
      if (name == "invalid" && value != "false") all += " invalid";
      if (name == "url" && value.rfind("javascript:", 0) != 0)
        all += " -> " + at_most(120, without_spaces(shortened(value, page)));
    }
    return all;
  }
  static bool focusable(const Json& node) {
    const Json& properties = part(node, "properties");
    if (!properties.is_array()) return false;
    for (const Json& one : properties)
      if (text_of(one, "name") == "focusable" && value_text(one, "value") == "true") return true;
    return false;
  }

  void children(const Frame& frame, const Json& node, int depth, const std::string& told, int level) {
    const Json& ids = part(node, "childIds");
    if (!ids.is_array()) return;
    for (const Json& id : ids) {
      const auto at = id.is_string() ? frame.by_id.find(id.get_ref<const std::string&>()) : frame.by_id.end();
      if (at != frame.by_id.end()) walk(frame, *at->second, depth, told, level + 1);
    }
  }

  void inner_frame(const Frame& frame, std::int64_t node, int depth) {
    for (const auto& [owner, tree] : frame.tree.frames)
      if (owner == node) write(tree, depth);
  }

  // `told`: what the line above has said already.
  void walk(const Frame& frame, const Json& node, int depth, const std::string& told, int level) {
    if (level > deepest || m_lines.size() >= most_lines) return;
    const std::string role = value_text(node, "role");
    if (part(node, "ignored") == true) return children(frame, node, depth, told, level);
    if (role == "InlineTextBox" || role == "ListMarker") return;
    const std::string name = value_text(node, "name");
    if (role == "StaticText") {
      const std::string text = squeezed(name, longest_text);
      if (!text.empty() && told.find(text) == told.npos) add_text(text, depth);
      return;
    }
    const bool image = role == "image" || role == "img";
    const bool used = is_used(role) || (focusable(node) && role != "RootWebArea" && role != "Iframe");
    const bool said = used || role == "heading" || image || is_place(role);
    if (!said || (image && name.empty()) || (!used && is_silent(role) && name.empty()))
      return children(frame, node, depth, told, level);
    const std::string shown = squeezed(name, longest_name);
    flush(shown);
    const auto number = static_cast<std::int64_t>(number_of(node, "backendDOMNodeId"));
    std::string line = role == "Iframe" ? "iframe" : role == "generic" ? "element" : role;
    if (!shown.empty()) line += in_quotes(shown);
    if (used || role == "Iframe") line += " [" + m_refs.of({frame.tree.session, number}) + "]";
    line += states(node, role == "RootWebArea" ? std::string() : frame.url);
    if (const std::string value = squeezed(value_text(node, "value"), longest_name); !value.empty() && value != shown)
      line += " = \"" + value + "\"";
    put(line, depth);
    if (role == "Iframe") return inner_frame(frame, number, depth + 1);
    // What is inside of a field is its value.
    if (one_of(role, {"textbox", "searchbox", "spinbutton", "textarea", "Date", "DateTime", "InputTime", "ColorWell"}))
      return;
    children(frame, node, depth + 1, name.empty() ? told : squeezed(name, 4 * longest_text), level);
    flush();
  }

  Refs& m_refs;
  std::vector<std::string> m_lines;
  std::string m_text;
  int m_text_depth = 0;
};

// Of the page itself a tab knows when nobody can be asked for it: while a dialog is open, for one.
Task<Json> nodes_of(Patience& patience, std::shared_ptr<Tab> tab, std::string session, Json params) {
  constexpr const char* method = "Accessibility.getFullAXTree";
  if (session == tab->names().session) co_return co_await tab->ask(patience, method, std::move(params));
  co_return co_await Ask(tab->cdp(), patience, session, method, params);
}

Task<Tree> frame_tree(Patience& patience, std::shared_ptr<Tab> tab, std::string session, std::string frame, int& left) {
  Tree tree{session, Json::array(), {}};
  Json params = frame.empty() ? with() : with("frameId", frame);
  Json answer = co_await nodes_of(patience, tab, session, std::move(params));
  tree.nodes = std::move(answer["nodes"]);
  if (!tree.nodes.is_array()) co_return tree;
  std::vector<std::int64_t> owners;
  for (const Json& one : tree.nodes)
    if (value_text(one, "role") == "Iframe")
      owners.push_back(static_cast<std::int64_t>(number_of(one, "backendDOMNodeId")));
  for (const auto owner : owners) {
    if (--left < 0) break;
    Json which = with("backendNodeId", owner);
    try {
      const Json about = co_await Ask(tab->cdp(), patience, session, "DOM.describeNode", which);
      std::string inner = text_of(part(about, "node"), "frameId");
      if (inner.empty()) continue;
      const auto own = tab->frames().find(inner);
      const bool apart = own != tab->frames().end();
      const std::string within = apart ? own->second : session;
      if (apart) inner.clear();
      Tree below = co_await frame_tree(patience, tab, within, inner, left);
      tree.frames.emplace_back(owner, std::move(below));
    } catch (const berth::Error& error) {
      patience.check();  // a frame that is gone by now has nothing to show
    }
  }
  co_return tree;
}

}  // namespace

std::vector<std::string> lines_of(const Tree& tree, Refs& refs) {
  Writer writer(refs);
  writer.write(tree, 0);
  return writer.take();
}

Task<Tree> tree_of(Patience& patience, std::shared_ptr<Tab> tab) {
  int left = most_frames;
  co_return co_await frame_tree(patience, tab, tab->names().session, "", left);
}

Piece piece_of(const std::vector<std::string>& lines, std::size_t from, std::size_t most) {
  Piece piece;
  for (std::size_t i = from; i < lines.size(); ++i) {
    if (i > from && piece.text.size() + lines[i].size() + 1 > most) {
      piece.next = i;
      break;
    }
    piece.text += lines[i] + "\n";
  }
  return piece;
}

std::vector<std::string> changes(const std::vector<std::string>& before, const std::vector<std::string>& now) {
  std::map<std::string_view, int> count;
  for (const auto& one : before) ++count[one];
  std::vector<std::string> all;
  for (const auto& one : now)
    if (--count[one] < 0) all.push_back("+ " + one);
  for (auto at = before.rbegin(); at != before.rend(); ++at)
    if (count[*at] > 0 && count[*at]-- > 0) all.push_back("- " + *at);
  return all;
}

}  // namespace browser
