// What a page says: read by a script in a world of its own, which the page's scripts cannot lie to by changing what
// arrays do; made into Markdown, text, tables and links here.
#include <algorithm>
#include <berth/output.hpp>
#include <cctype>
#include <utility>

#include "markdown.hpp"
#include "plugin.hpp"

namespace browser {

namespace {

constexpr std::size_t most_links = 1000, most_found = 50;

// As markdown.hpp has it. What is not shown is left out; shadow roots and frames of the page's site are not.
constexpr const char* write_down = R"js(function() {
  let left = 60000, room = 4000000;
  const out = new Set(['script', 'style', 'noscript', 'template', 'svg', 'canvas', 'head', 'object', 'video', 'audio', 'map']);
  const write = (node, depth) => {
    if (--left < 0 || room < 0 || depth > 200) return null;
    if (node.nodeType === 3) { room -= node.data.length; return node.data.trim() || /\s/.test(node.data) ? node.data : null; }
    if (node.nodeType !== 1 || out.has(node.localName)) return null;
    const name = node.localName, style = getComputedStyle(node), more = {};
    if (style.display === 'none' || node.getAttribute('aria-hidden') === 'true') return null;
    if (name === 'a' && node.href && !node.href.startsWith('javascript:')) more.href = String(node.href).slice(0, 2000);
    if (name === 'img') { more.alt = node.alt.slice(0, 500); more.src = node.src.startsWith('data:') ? '' : node.src.slice(0, 2000); }
    if (name === 'ol' && node.start !== 1) more.start = String(node.start);
    if ((name === 'td' || name === 'th') && node.colSpan > 1) more.colspan = String(Math.min(node.colSpan, 100));
    if (name === 'pre') { const said = (node.className + ' ' + (node.firstElementChild?.className ?? '')).match(/language-([\w+#-]+)/);
                          if (said) more.language = said[1]; }
    const role = node.getAttribute('role');
    if (role) more.role = role.slice(0, 30);
    if (!/^(inline|contents|ruby)/.test(style.display)) more.block = '1';
    const children = [];
    const add = list => { for (const one of list) { const told = write(one, depth + 1); if (told !== null) children.push(told); } };
    if (name === 'input' || name === 'textarea' || name === 'select') {
      if (node.type !== 'password' && node.type !== 'hidden') children.push(String(name === 'select' ? node.selectedOptions[0]?.label ?? '' : node.value).slice(0, 2000));
    } else if (name === 'iframe') {
      let inner = null;
      try { inner = node.contentDocument && node.contentDocument.body; } catch {}
      if (inner) add([inner]);
    } else if (name === 'slot') {
      const given = node.assignedNodes();
      add(given.length ? given : node.childNodes);
    } else {
      add((node.shadowRoot || node).childNodes);
    }
    if (style.visibility !== 'visible' && children.every(one => typeof one === 'string')) return null;
    return [name === 'body' ? 'body' : name, more, children];
  };
  return write(this.nodeType === 9 ? this.body ?? this.documentElement : this, 0);
})js";

constexpr const char* metadata = R"js(function() {
  const all = {}, page = this.ownerDocument ?? this, cut = text => String(text).slice(0, 1000);
  for (const one of page.querySelectorAll('meta[name], meta[property]')) {
    const name = one.getAttribute('name') || one.getAttribute('property');
    if (/^(description|author|keywords|robots|og:|twitter:|article:|date|citation_)/i.test(name) && Object.keys(all).length < 60)
      all[name.toLowerCase()] = cut(one.content);
  }
  const link = name => page.querySelector('link[rel~="' + name + '"]')?.href;
  all.language = page.documentElement.lang || undefined;
  all.canonical = link('canonical');
  all.icon = link('icon')?.slice(0, 500);
  all.feed = page.querySelector('link[type="application/rss+xml"], link[type="application/atom+xml"]')?.href;
  const data = [];
  for (const one of [...page.querySelectorAll('script[type="application/ld+json"]')].slice(0, 5))
    try { const text = one.textContent; if (text.length < 20000) data.push(JSON.parse(text)); } catch {}
  if (data.length) all.data = data;
  return all;
})js";

std::string lower_of(const std::string& text) {
  std::string all = text;
  std::transform(all.begin(), all.end(), all.begin(), [](unsigned char c) { return std::tolower(c); });
  return all;
}

}  // namespace

// With the page, or an element of it, as `this`.
Task<Json> Plugin::ask_apart(Turn& turn, std::shared_ptr<Tab> tab, const char* function) {
  const Meant meant = meant_of(turn.input());
  const Json id = co_await world_of(turn.patience, tab);
  Json answer;
  if (meant.words().empty()) {
    Json params =
        with("expression", "(" + std::string(function) + ").call(document)", "contextId", id, "returnByValue", true);
    answer = co_await tab->ask(turn.patience, "Runtime.evaluate", std::move(params));
    co_return part(part(answer, "result"), "value");
  }
  const Element element = co_await find(turn.patience, tab, meant);
  if (element.session != tab->names().session) co_return co_await call(turn.patience, tab, element, function);
  Json which = with("objectId", element.object);
  const Json about = co_await tab->ask(turn.patience, "DOM.describeNode", std::move(which));
  Json node = with("backendNodeId", part(part(about, "node"), "backendNodeId"), "executionContextId", id);
  const Json there = co_await tab->ask(turn.patience, "DOM.resolveNode", std::move(node));
  Element apart(element.session, text_of(part(there, "object"), "objectId"), element.words);
  co_return co_await call(turn.patience, tab, apart, function);
}

Task<std::string> Plugin::markdown(Turn& turn, std::shared_ptr<Tab> tab) {
  const Json body = co_await ask_apart(turn, tab, write_down);
  const bool whole = turn.input().value("whole", false) || !meant_of(turn.input()).words().empty();
  const Json& matter = whole ? body : matter_of(body);
  co_return markdown_of(matter, whole);
}

Task<Json> Plugin::extract(Turn& turn) {
  const auto tab = co_await this->tab(turn);
  const Json& input = turn.input();
  const std::string as = input.value("as", "markdown");
  Json all = co_await outcome(turn, tab);
  if (as == "metadata") {
    all["metadata"] = co_await ask_apart(turn, tab, metadata);
    co_return all;
  }
  const Json body = co_await ask_apart(turn, tab, write_down);
  if (as == "tables") all["tables"] = tables_of(body);
  if (as == "links") all["links"] = links_of(body, most_links);
  if (as != "markdown" && as != "text") co_return all;
  const bool whole = input.value("whole", false) || !meant_of(input).words().empty();
  const Json& matter = whole ? body : matter_of(body);
  const std::string text = as == "text" ? plain_text_of(matter, whole) : markdown_of(matter, whole);
  const std::size_t from = std::min<std::size_t>(input.value("from", 0u), text.size()),
                    most = input.value("max_bytes", 8000u);
  std::string piece = text.substr(from, most);
  if (from + piece.size() < text.size()) piece.resize(berth::whole_size(piece));
  const std::size_t next = from + piece.size();
  all["text"] = berth::clean(piece);
  all["bytes"] = text.size();
  all["next"] = next < text.size() ? Json(next) : Json();
  co_return all;
}

// In the lines of the snapshot: what is found has its ref, and its place among them.
Task<Json> Plugin::find_text(Turn& turn) {
  const auto tab = co_await this->tab(turn);
  const std::string wanted = lower_of(turn.input().at("text"));
  const Tree tree = co_await tree_of(turn.patience, tab);
  const auto lines = lines_of(tree, tab->refs());
  Json found = Json::array();
  std::size_t count = 0;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (lower_of(lines[i]).find(wanted) == std::string::npos || ++count > most_found) continue;
    const auto begin = lines[i].find_first_not_of(' ');
    found.push_back(with("line", i, "text", lines[i].substr(begin == std::string::npos ? 0 : begin)));
  }
  co_return with("tab", tab->names().id, "found", std::move(found), "count", count, "lines", lines.size());
}

}  // namespace browser
