// The marks are elements of ours, in a shadow root that is closed, drawn by a script in a world of its own, and gone
// after the picture.
#include "marks.hpp"

#include "element.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace browser {

namespace {

constexpr std::size_t most_marks = 300;
constexpr std::chrono::milliseconds wipe_time{2000};

constexpr const char* draw = R"js((marks => {
  document.getElementById('berth-marks')?.remove();
  const host = document.createElement('div');
  host.id = 'berth-marks';
  host.style.cssText = 'all: initial; position: absolute; left: 0; top: 0; width: 0; height: 0; z-index: 2147483647; pointer-events: none';
  const root = host.attachShadow({mode: 'closed'}), tints = ['#c2185b', '#1565c0', '#2e7d32', '#e65100', '#6a1b9a'];
  marks.forEach(([name, x, y, width, height], i) => {
    const box = document.createElement('div'), label = document.createElement('div'), tint = tints[i % tints.length];
    box.style.cssText = `position: absolute; left: ${x + scrollX}px; top: ${y + scrollY}px; width: ${width}px; height: ${height}px; ` +
      `box-sizing: border-box; border: 2px solid ${tint}`;
    label.textContent = name;
    label.style.cssText = `position: absolute; right: 100%; top: -2px; margin-right: -2px; font: bold 12px/14px monospace; color: #fff; ` +
      `background: ${tint}; padding: 0 3px` + (x < 40 ? '; right: auto; left: -2px' : '');
    box.append(label);
    root.append(box);
  });
  document.documentElement.append(host);
  return marks.length;
}))js";

struct Marked {
  std::string ref;
  NodeId node;
};

std::vector<Marked> used_ones(const std::vector<std::string>& lines, const Refs& refs, const std::string& session) {
  std::vector<Marked> all;
  for (const auto& line : lines) {
    auto open = line.find(" [e");
    while (open != line.npos && (open + 3 >= line.size() || line[open + 3] < '0' || line[open + 3] > '9'))
      open = line.find(" [e", open + 1);
    const auto close = line.find(']', std::min(open, line.size()));
    if (close == line.npos || line.find_first_not_of(' ') == line.find("iframe")) continue;
    const std::string ref = line.substr(open + 2, close - open - 2);
    const auto node = refs.find(ref);
    if (node && node->session == session) all.push_back({ref, *node});
  }
  return all;
}

}  // namespace

Task<int> draw_marks(Patience& patience, std::shared_ptr<Tab> tab, bool whole) {
  const Tree tree = co_await tree_of(patience, tab);
  const auto lines = lines_of(tree, tab->refs());
  const auto all = used_ones(lines, tab->refs(), tab->names().session);
  const Json metrics = co_await tab->ask(patience, "Page.getLayoutMetrics", with());
  const Json& view = part(metrics, "cssLayoutViewport");
  const double height = number_of(view, "clientHeight"), width = number_of(view, "clientWidth");
  Json marks = Json::array();
  for (std::size_t i = 0; i < all.size() && marks.size() < most_marks; ++i) {
    Json which = with("backendNodeId", all[i].node.node);
    Json answer;
    try {
      answer = co_await tab->ask(patience, "DOM.getContentQuads", std::move(which));
    } catch (const berth::Error& error) {
      if (error.code() != "browser_refused") throw;  // it has no box
    }
    const Json& quads = part(answer, "quads");
    if (!quads.is_array() || quads.empty() || !quads[0].is_array() || quads[0].size() < 8) continue;
    const Json& quad = quads[0];
    const double x = quad[0].get<double>(), y = quad[1].get<double>();
    const double w = quad[4].get<double>() - x, h = quad[5].get<double>() - y;
    if (w < 1 || h < 1 || (!whole && (y > height || y + h < 0 || x > width || x + w < 0))) continue;
    Json mark = Json::array();
    mark.push_back(all[i].ref);
    for (const double one : {x, y, w, h}) mark.push_back(one);
    marks.push_back(std::move(mark));
  }
  const Json world = co_await world_of(patience, tab);
  const std::string expression = std::string(draw) + "(" + berth::json_text(marks) + ")";
  Json params = with("expression", expression, "contextId", world, "returnByValue", true);
  co_await tab->ask(patience, "Runtime.evaluate", std::move(params));
  co_return static_cast<int>(marks.size());
}

// Where that fails the page is gone, and the marks with it.
Task<void> wipe_marks(Patients& among, std::shared_ptr<Tab> tab) {
  Patience patience(among, wipe_time);
  try {
    const Json world = co_await world_of(patience, tab);
    Json params = with("expression", "document.getElementById('berth-marks')?.remove()", "contextId", world);
    co_await tab->ask(patience, "Runtime.evaluate", std::move(params));
  } catch (const berth::Error&) {
    co_return;
  }
}

}  // namespace browser
