// Files of the workspace for pages: the browser gets copies, and sees nothing else.
#include <utility>

#include "plugin.hpp"

namespace browser {

using berth::Error;

namespace {

constexpr std::uint64_t most_uploaded = 512u << 20;  // bytes, of one session, at a time
constexpr std::size_t most_shown = 100;

constexpr const char* takes_files = R"js(function() {
  const field = this.tagName === 'LABEL' && this.control ? this.control : this;
  return field.tagName === 'INPUT' && field.type === 'file' ? (field.multiple || field.webkitdirectory ? 2 : 1) : 0;
})js";

struct Copies {
  std::shared_ptr<const PorchFolder> folder;
  std::uint64_t bytes = 0;
  Json paths = Json::array();
};

Copies copies_of(const Ground& ground, const berth::Workspace& workspace, const std::vector<std::string>& paths,
                 std::uint64_t room) {
  Copies copies;
  copies.folder = std::make_shared<const PorchFolder>(ground.porch, ground.carrier, ground.porch.make("u"));
  for (std::size_t i = 0; i < paths.size(); ++i) {
    const berth::Fd file = open_file(workspace, paths[i]);
    copies.bytes += size_of(file);
    if (copies.bytes > room)
      throw Error(413, "file_too_large", "files for pages may have " + std::to_string(most_uploaded) + " bytes in all",
                  "give fewer; what a page has been given counts until it has left");
    const std::string place = place_of(paths[i], workspace.aliases());
    copies.paths.push_back(ground.porch.put(copies.folder->name(), i, place.substr(place.rfind('/') + 1), file.get()));
  }
  return copies;
}

}  // namespace

// What the files are for: an element, or what a page has asked for.
Task<Json> Plugin::takers(Turn& turn, std::shared_ptr<Tab> tab) {
  const Meant meant = meant_of(turn.input());
  if (meant.words().empty()) {
    const auto chooser = tab->take_chooser();
    if (!chooser)
      throw Error(409, "no_chooser", "the page asks for no file",
                  "say which element, or click what opens the choice first");
    Json asked = with("session", chooser->session, "backendNodeId", chooser->node, "most", std::size_t(1));
    if (chooser->many) asked["most"] = most_shown;
    co_return asked;
  }
  const Element element = co_await find(turn.patience, tab, meant);
  const Json kind = co_await call(turn.patience, tab, element, takes_files);
  if (kind == 0)
    throw Error(409, "no_file_field", meant.words() + " is no <input type=file>",
                "click what opens the choice, and say browser.upload without an element then");
  Json field = with("session", element.session, "objectId", element.object, "most", std::size_t(1));
  if (kind == 2) field["most"] = most_shown;
  co_return field;
}

Task<Json> Plugin::upload(Turn& turn) {
  const auto tab = co_await this->tab(turn);
  const auto paths = turn.input().at("paths").get<std::vector<std::string>>();
  Json taker = co_await takers(turn, tab);
  const std::string session = taker["session"];
  if (paths.size() > taker["most"].get<std::size_t>())
    throw Error(422, "too_many_files", "this field takes one file", "give it one path");
  std::uint64_t used = 0;
  for (const auto& one : turn.seat->uploads) used += one.bytes;
  const std::uint64_t room = most_uploaded - std::min(most_uploaded, used);
  const std::function<Copies()> work = [this, of = turn.call.session(), paths, room] {
    return copies_of(m_ground, m_workspaces.open(of), paths, room);
  };
  const Copies copies = co_await Away<Copies>(m_carrier, turn.patience, work);
  const Upload given(copies.folder, copies.bytes, tab, tab->loader());
  turn.seat->uploads.push_back(given);
  taker.erase("session");
  taker.erase("most");
  taker["files"] = copies.paths;
  co_await Ask(tab->cdp(), turn.patience, session, "DOM.setFileInputFiles", taker);
  co_await tab->settle(turn.patience);
  Json all = co_await outcome(turn, tab);
  all["files"] = paths.size();
  all["bytes"] = copies.bytes;
  co_return all;
}

Task<Json> Plugin::downloads(Turn& turn) {
  const auto under_way = [](const auto& one) { return one->state == "under way"; };
  if (turn.input().value("settled", false)) {
    const At at(turn.patience, [] { return "a download is still under way, or none has begun"; });
    while (turn.seat->downloads.empty() ||
           std::any_of(turn.seat->downloads.begin(), turn.seat->downloads.end(), under_way)) {
      turn.seat->check();
      co_await Signal::Next(turn.seat->changed, turn.patience);
    }
  }
  Json all = Json::array();
  for (const auto& one : turn.seat->downloads) {
    one->told |= one->state != "under way";
    all.push_back(one->json());
  }
  co_return with("downloads", std::move(all));
}

}  // namespace browser
