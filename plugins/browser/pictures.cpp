// The page as a file: a picture, PDF, text; for the client, or for the workspace.
#include <algorithm>
#include <berth/base64.hpp>
#include <optional>
#include <utility>

#include "marks.hpp"
#include "plugin.hpp"
#include "stream.hpp"

namespace browser {

using berth::Error;

namespace {

std::string bytes_of(const Json& taken) {
  auto bytes = berth::from_base64(text_of(taken, "data"));
  if (!bytes) throw Error(502, "browser_refused", "the browser gave no picture");
  return std::move(*bytes);
}

using namespace std::chrono_literals;

constexpr std::chrono::milliseconds paint_time = 1s, look_time = 500ms, look_again = 50ms;
constexpr const char* two_frames = "new Promise(on => requestAnimationFrame(() => requestAnimationFrame(() => on(0))))";
constexpr const char* where =
    "function() { const b = this.getBoundingClientRect(); return {x: b.x + scrollX, y: b.y + scrollY, width: b.width, "
    "height: b.height, scale: 1}; }";

std::string ending_of(const std::string& path) {
  const auto dot = path.rfind('.');
  return dot == path.npos || path.find('/', dot) != path.npos ? "" : path.substr(dot + 1);
}

struct Capture {
  Json taken;
  std::optional<Error> failed;
  bool over = false;
  Signal changed;
};

Errand capture(std::shared_ptr<Capture> one, Patients& among, std::chrono::milliseconds time, std::shared_ptr<Tab> tab,
               Json params) {
  Patience patience(among, time);
  try {
    one->taken = co_await tab->ask(patience, "Page.captureScreenshot", std::move(params));
  } catch (const Error& error) {
    one->failed.emplace(error);
  }
  one->over = true;
  one->changed.tell();
}

// A page that leaves in the middle of it is never answered: so the page is looked at, too, and the next one is asked.
Task<Json> captured(Patience& patience, std::shared_ptr<Tab> tab, Json params) {
  const std::string page = tab->loader();
  const auto one = std::make_shared<Capture>();
  capture(one, patience.among(), patience.left(), tab, std::move(params));
  while (!one->over && tab->loader() == page) {
    patience.check();
    Patience brief(patience.among(), std::min(patience.left(), look_time));
    try {
      co_await Signal::Next(one->changed, brief);
    } catch (const Error& error) {
      if (error.code() != "timeout") throw;
    }
  }
  if (!one->over) throw Error(502, "browser_refused", "the page has navigated");
  if (one->failed) throw Error(*one->failed);
  co_return std::move(one->taken);
}

}  // namespace

// What the page has been told shows in the picture. One that is busy for long is taken as it is.
Task<void> Plugin::painted(Turn& turn, std::shared_ptr<Tab> tab) {
  Patience brief(turn.patience.among(), std::min(turn.patience.left(), paint_time));
  bool late = false;
  try {
    const Json world = co_await world_of(brief, tab);
    Json params = with("expression", two_frames, "contextId", world, "awaitPromise", true);
    co_await tab->ask(brief, "Runtime.evaluate", std::move(params));
  } catch (const Error& error) {
    if (!(late = error.code() == "timeout")) throw;
  }
  if (late) turn.patience.check();
}

Task<Json> Plugin::shot(Turn& turn, std::shared_ptr<Tab> tab, std::string type) {
  const Json& input = turn.input();
  const bool full = input.value("full", false);
  Json params = with("format", type, "optimizeForSpeed", true);
  if (type == "jpeg") params["quality"] = input.value("quality", 80);
  if (full) {
    const Json metrics = co_await tab->ask(turn.patience, "Page.getLayoutMetrics", with());
    Json clip = part(metrics, "cssContentSize");
    clip["height"] = std::min(number_of(clip, "height"), 16'384.0);  // more than that no picture of the browser's has
    clip["scale"] = 1;
    params["clip"] = std::move(clip);
    params["captureBeyondViewport"] = true;
  }
  const Meant meant = meant_of(input);
  if (!meant.words().empty()) {
    const Element element = co_await find(turn.patience, tab, meant);
    co_await ready(turn.patience, tab, element, false, false);
    params["clip"] = co_await call(turn.patience, tab, element, where);
    params["captureBeyondViewport"] = true;
  }
  if (input.value("marks", false)) co_await draw_marks(turn.patience, tab, full);
  co_await painted(turn, tab);
  co_return co_await captured(turn.patience, tab, std::move(params));
}

Task<std::string> Plugin::picture(Turn& turn, std::shared_ptr<Tab> tab, std::string type) {
  const bool marked = turn.input().value("marks", false);
  for (;;) {
    Json taken;
    std::optional<Error> failed;
    try {
      taken = co_await shot(turn, tab, type);
    } catch (const Error& error) {
      failed.emplace(error);
    }
    if (marked) co_await wipe_marks(m_patients, tab);
    if (!failed) co_return bytes_of(taken);
    if (!is_leaving(*failed)) throw Error(*failed);
    co_await Pause(turn.patience, look_again);
  }
}

Task<Json> Plugin::screenshot(Turn& turn) {
  const auto tab = co_await this->tab(turn);
  const std::string type = turn.input().value("type", "png");
  const std::string bytes = co_await picture(turn, tab, type);
  give_file(turn.call, bytes, type == "png" ? "image/png" : "image/jpeg", type == "png" ? "page.png" : "page.jpg");
  co_return nullptr;
}

Json print_of(const Json& input) {
  constexpr double inch = 25.4;
  Json params =
      with("transferMode", "ReturnAsStream", "landscape", input.value("landscape", false), "printBackground",
           input.value("background", true), "scale", input.value("scale", 1.0), "generateDocumentOutline",
           input.value("outline", true), "generateTaggedPDF", true, "preferCSSPageSize", !input.contains("paper"));
  const std::string paper = input.value("paper", "A4");
  const auto size = paper == "A3"       ? std::pair(297 / inch, 420 / inch)
                    : paper == "A5"     ? std::pair(148 / inch, 210 / inch)
                    : paper == "letter" ? std::pair(8.5, 11.0)
                    : paper == "legal"  ? std::pair(8.5, 14.0)
                                        : std::pair(210 / inch, 297 / inch);
  params["paperWidth"] = size.first;
  params["paperHeight"] = size.second;
  if (input.contains("margin"))
    for (const char* side : {"marginTop", "marginBottom", "marginLeft", "marginRight"})
      params[side] = input["margin"].get<double>() / inch;
  if (input.contains("pages")) params["pageRanges"] = input["pages"];
  if (input.contains("header") || input.contains("footer")) {
    params["displayHeaderFooter"] = true;
    params["headerTemplate"] = input.value("header", "<span></span>");
    params["footerTemplate"] = input.value("footer", "<span></span>");
  }
  return params;
}

Task<std::string> Plugin::printed(Turn& turn, std::shared_ptr<Tab> tab) {
  const Json printed = co_await tab->ask(turn.patience, "Page.printToPDF", print_of(turn.input()));
  const std::string handle = text_of(printed, "stream");
  co_return co_await read_stream(turn.patience, tab->wire(), tab->names().session, handle, largest_file, "the PDF",
                                 "print fewer pages of it");
}

Task<Json> Plugin::pdf(Turn& turn) {
  const auto tab = co_await this->tab(turn);
  const std::string bytes = co_await printed(turn, tab);
  give_file(turn.call, bytes, "application/pdf", "page.pdf");
  co_return nullptr;
}

// As what its name says that it is.
Task<std::string> Plugin::as_file(Turn& turn, std::shared_ptr<Tab> tab, std::string ending) {
  if (ending == "png") co_return co_await picture(turn, tab, "png");
  if (ending == "jpg" || ending == "jpeg") co_return co_await picture(turn, tab, "jpeg");
  if (ending == "pdf") co_return co_await printed(turn, tab);
  if (ending == "md") co_return co_await markdown(turn, tab);
  if (ending == "har") co_return co_await har_text(turn, tab, true);
  if (ending == "html") {
    const Json found = co_await tab->evaluate(turn.patience, "document.documentElement.outerHTML");
    co_return text_of(found, "value");
  }
  if (ending == "mhtml") {
    const Json found = co_await tab->ask(turn.patience, "Page.captureSnapshot", with());
    co_return text_of(found, "data");
  }
  if (ending != "txt")
    throw Error(422, "bad_path", "a page is saved as .txt (its snapshot), .md, .html, .mhtml, .png, .jpg, .pdf or .har",
                "the end of path says which");
  const Tree tree = co_await tree_of(turn.patience, tab);
  const auto lines = lines_of(tree, tab->refs());
  std::string text;
  for (const auto& one : lines) text += one + "\n";
  co_return text;
}

Task<Json> Plugin::save(Turn& turn) {
  const auto tab = co_await this->tab(turn);
  const std::string path = turn.input().at("path");
  std::string bytes = co_await as_file(turn, tab, ending_of(path));
  const std::size_t size = bytes.size();
  const std::string placed = co_await put_file(turn, path, std::move(bytes));
  Json all = co_await outcome(turn, tab);
  all["path"] = placed;
  all["bytes"] = size;
  co_return all;
}

}  // namespace browser
