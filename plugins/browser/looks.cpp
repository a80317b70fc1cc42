// Operations that look at a page: as text, as pictures, as PDF; and what it has said.
#include <sys/mman.h>
#include <unistd.h>

#include <berth/base64.hpp>
#include <cerrno>
#include <cstring>
#include <utility>

#include "plugin.hpp"

namespace browser {

using berth::Call;
using berth::Error;

namespace {

// What the browser gives as text.
std::string file_of(const Json& taken) {
  auto bytes = berth::from_base64(text_of(taken, "data"));
  if (!bytes) throw Error(502, "browser_refused", "the browser gave no picture");
  return std::move(*bytes);
}

// As a file that the host sends, whole or in ranges.
void give_file(const Call& call, const std::string& bytes, const char* type, const char* name) {
  const int fd = ::memfd_create("page", MFD_CLOEXEC);
  std::size_t done = 0;
  while (fd >= 0 && done < bytes.size()) {
    const auto put = ::write(fd, bytes.data() + done, bytes.size() - done);
    if (put <= 0) break;
    done += static_cast<std::size_t>(put);
  }
  if (fd < 0 || done < bytes.size() || ::lseek(fd, 0, SEEK_SET) != 0) {
    if (fd >= 0) ::close(fd);
    throw Error(503, "no_memory", std::string("there is no room for the file: ") + std::strerror(errno));
  }
  berth::Head head;
  head.type = type;
  head.name = name;
  call.file(fd, head);
}

}  // namespace

Task<Json> Plugin::look(Turn& turn, std::shared_ptr<Tab> tab, std::size_t from, std::size_t most, bool only_changes) {
  const Tree tree = co_await tree_of(turn.patience, tab);
  auto lines = lines_of(tree, tab->refs());
  const auto shown = only_changes ? changes(tab->seen(), lines) : lines;
  const Piece piece = piece_of(shown, from, most);
  tab->seen() = std::move(lines);
  Json view = with("text", piece.text, "lines", shown.size());
  view["next"] = piece.next > 0 ? Json(piece.next) : Json();
  co_return view;
}

Task<Json> Plugin::snapshot(Turn& turn) {
  const auto tab = co_await this->tab(turn);
  const Json& input = turn.input();
  const std::size_t from = input.value("from", 0u), most = input.value("max_bytes", 4000u);
  Json view = co_await look(turn, tab, from, most, input.value("changes", false));
  Json all = co_await outcome(turn, tab);
  all["snapshot"] = std::move(view);
  co_return all;
}

Task<Json> Plugin::screenshot(Turn& turn) {
  const auto tab = co_await this->tab(turn);
  const Json& input = turn.input();
  const std::string type = input.value("type", "png");
  Json params = with("format", type, "optimizeForSpeed", true);
  if (type == "jpeg") params["quality"] = input.value("quality", 80);
  if (input.value("full", false)) {
    const Json metrics = co_await tab->ask(turn.patience, "Page.getLayoutMetrics", with());
    Json clip = part(metrics, "cssContentSize");
    clip["scale"] = 1;
    params["clip"] = std::move(clip);
    params["captureBeyondViewport"] = true;
  }
  const Meant meant = meant_of(input);
  if (!meant.words().empty()) {
    const Element element = co_await find(turn.patience, tab, meant);
    co_await ready(turn.patience, tab, element, false, false);
    constexpr const char* where =
        "function() { const b = this.getBoundingClientRect(); return {x: b.x + scrollX, y: b.y + scrollY, width: "
        "b.width, "
        "height: b.height, scale: 1}; }";
    params["clip"] = co_await call(turn.patience, tab, element, where);
    params["captureBeyondViewport"] = true;
  }
  const Json taken = co_await tab->ask(turn.patience, "Page.captureScreenshot", std::move(params));
  const std::string bytes = file_of(taken);
  give_file(turn.call, bytes, type == "png" ? "image/png" : "image/jpeg", type == "png" ? "page.png" : "page.jpg");
  co_return nullptr;
}

Task<Json> Plugin::pdf(Turn& turn) {
  const auto tab = co_await this->tab(turn);
  const Json& input = turn.input();
  constexpr double inch = 25.4;
  Json params = with("landscape", input.value("landscape", false), "printBackground", input.value("background", true),
                     "scale", input.value("scale", 1.0), "generateDocumentOutline", input.value("outline", true),
                     "preferCSSPageSize", !input.contains("paper"));
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
  const Json taken = co_await tab->ask(turn.patience, "Page.printToPDF", std::move(params));
  const std::string bytes = file_of(taken);
  give_file(turn.call, bytes, "application/pdf", "page.pdf");
  co_return nullptr;
}

Task<Json> Plugin::console(Turn& turn) {
  const auto tab = co_await this->tab(turn);
  const std::uint64_t after = turn.input().value("after", 0u);
  Json lines = Json::array();
  for (const Said& one : tab->console())
    if (one.number > after)
      lines.push_back(with("number", one.number, "kind", one.kind, "text", one.text, "where", one.where));
  co_return with("tab", tab->names().id, "lines", std::move(lines));
}

}  // namespace browser
