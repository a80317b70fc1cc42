// HTML becomes PDF on a page of the plugin's own. What is in the workspace is served to it from there, under a name
// that no network has, so a page finds its pictures and styles beside it, and nothing else.
#include <berth/output.hpp>

#include <utility>

#include "files.hpp"
#include "paper_scripts.hpp"
#include "pdf_report.hpp"
#include "plugin.hpp"
#include "stream.hpp"
#include "words.hpp"

namespace browser {

using berth::Error;

namespace {

using namespace std::chrono_literals;

constexpr const char* home = "http://workspace.invalid/";
constexpr const char* given_name = "output/given.html";
constexpr std::uint64_t most_served = 64u << 20;
constexpr int most_requests = 2000;

std::string plain_path(const std::string& url) {
  const std::string path = url.substr(std::string(home).size());
  return unescaped(path.substr(0, path.find_first_of("?#")));
}

std::string type_of(const std::string& path) {
  static const std::map<std::string, std::string> all{
      {"html", "text/html"},      {"htm", "text/html"},     {"css", "text/css"},    {"js", "text/javascript"},
      {"mjs", "text/javascript"}, {"svg", "image/svg+xml"}, {"png", "image/png"},   {"jpg", "image/jpeg"},
      {"jpeg", "image/jpeg"},     {"gif", "image/gif"},     {"webp", "image/webp"}, {"woff", "font/woff"},
      {"woff2", "font/woff2"},    {"ttf", "font/ttf"},      {"otf", "font/otf"},    {"json", "application/json"}};
  const auto at = all.find(path.substr(path.rfind('.') + 1));
  return at == all.end() ? "application/octet-stream" : at->second;
}

}  // namespace

// What a page asks of the workspace is read on the carrier's thread.
struct Plugin::Served {
  Ground const* ground;
  std::string session, html;
  std::weak_ptr<Page> page;
  bool loaded = false, gone = false;
  int requests = 0;
  Signal changed;

  void event(const std::shared_ptr<Served>& self, const std::string& method, const Json& params) {
    const auto on = page.lock();
    if (!on) return;
    if (method == "Page.javascriptDialogOpening") on->send("Page.handleJavaScriptDialog", with("accept", false));
    loaded |= method == "Page.loadEventFired";
    gone |= method == "Target.detachedFromTarget";
    if (loaded || gone) changed.tell();
    if (method != "Fetch.requestPaused") return;
    const std::string path = plain_path(text_of(part(params, "request"), "url"));
    if (!html.empty() && path == given_name)
      return on->send("Fetch.fulfillRequest", fulfilled(params, 200, "text/html; charset=utf-8", html));
    if (++requests > most_requests)
      return on->send("Fetch.failRequest", with("requestId", part(params, "requestId"), "errorReason", "Failed"));
    ground->carrier.add([self, params, path] {
      Json answer;
      try {
        const std::string bytes = read_file(self->ground->workspaces.open(self->session), path, most_served);
        answer = fulfilled(params, 200, type_of(path), bytes);
      } catch (const std::exception& error) {
        answer = fulfilled(params, 404, "text/plain", error.what());
      }
      self->ground->loop.post([self, answer] {
        if (const auto left = self->page.lock()) left->send("Fetch.fulfillRequest", answer);
      });
    });
  }
};

Task<void> Plugin::load_paper(Turn& turn, std::shared_ptr<Page> page, std::shared_ptr<Served> served, std::string url) {
  page->hear([served](const std::string& method, const Json& params) { served->event(served, method, params); });
  Json patterns = Json::array();
  patterns.push_back(with("urlPattern", std::string(home) + "*"));
  Json params = with("patterns", std::move(patterns));
  co_await page->ask(turn.patience, "Fetch.enable", std::move(params));
  Json media = with("media", "print");
  co_await page->ask(turn.patience, "Emulation.setEmulatedMedia", std::move(media));
  Json where = with("url", url);
  const Json gone = co_await page->ask(turn.patience, "Page.navigate", std::move(where));
  if (const std::string failed = text_of(gone, "errorText"); !failed.empty())
    throw Error(502, "not_loaded", "cannot load " + url + ": " + failed);
  const At at(turn.patience, [url] { return url + " is not loaded"; });
  while (!served->loaded && !served->gone) co_await Signal::Next(served->changed, turn.patience);
  if (served->gone) throw Error(410, "page_gone", "the page is gone: it has crashed, or its session has ended");
}

Task<Json> Plugin::html_to_pdf(Turn& turn) {
  const Json& input = turn.input();
  if (input.contains("html") + input.contains("file") + input.contains("url") != 1)
    throw Error(422, "invalid_input", "what becomes PDF? one of html, file and url says it");
  const auto served = std::make_shared<Served>();
  served->ground = &m_ground;
  served->session = turn.call.session();
  served->html = input.value("html", "");
  std::string url = input.value("url", std::string(home) + given_name);
  if (input.contains("url")) check_url(url);
  if (input.contains("file")) {
    const std::string said = input["file"];
    const std::function<std::string()> work = [this, session = turn.call.session(), said] {
      const auto workspace = m_workspaces.open(session);
      open_file(workspace, said, most_served);  // whoever names none hears so
      return place_of(said, workspace.aliases());
    };
    const std::string place = co_await Away<std::string>(m_carrier, turn.patience, work);
    url = home;
    for (const char c : place) url += c == '%' ? "%25" : c == '?' ? "%3F" : c == '#' ? "%23" : std::string(1, c);
  }
  const auto page = co_await m_browser->page(turn.patience, turn.seat);
  served->page = page;
  co_await load_paper(turn, page, served, url);
  const Json print = print_of(input);
  const double inches = print[print["landscape"] == true ? "paperHeight" : "paperWidth"].get<double>();
  const double margin = print.contains("marginLeft") ? print["marginLeft"].get<double>() : 1 / 2.54;
  const double width = (inches - 2 * margin) * 96;
  const Json own = co_await page->evaluate(turn.patience, scripts::paper_width);
  const bool by_page = own.is_number() && !input.contains("paper");
  Json window = with("width", static_cast<int>(by_page ? own.get<double>() : width), "height", 1123,
                     "deviceScaleFactor", 1, "mobile", false);
  co_await page->ask(turn.patience, "Emulation.setDeviceMetricsOverride", std::move(window));
  const Json late = co_await page->evaluate(turn.patience, scripts::paper_ready);
  Json all = co_await page->evaluate(turn.patience, scripts::paper_report);
  const Json printed = co_await page->ask(turn.patience, "Page.printToPDF", print);
  if (!all.is_object()) throw Error(502, "browser_refused", "the page says nothing of itself");
  const std::string handle = text_of(printed, "stream");
  std::string bytes = co_await read_stream(turn.patience, page->wire(), page->session(), handle, largest_file,
                                           "the PDF", "make several of it");
  const PdfPages pages = pages_of(bytes);
  all["late"] = late;
  all["pages"] = pages.count;
  all["blank"] = pages.blank;
  all["bytes"] = bytes.size();
  const std::string path = input.at("path");
  all["path"] = co_await put_file(turn, path, std::move(bytes));
  co_return all;
}

}  // namespace browser
