// Downloads, as the browser tells of them: which session's each is, how far it is, and what becomes of it.
#include <algorithm>
#include <utility>

#include "browser.hpp"
#include "files.hpp"

namespace browser {

namespace {

constexpr std::size_t most_downloads = 100, most_under_way = 10;

std::size_t under_way_in(const Seat& seat) {
  return static_cast<std::size_t>(std::count_if(seat.downloads.begin(), seat.downloads.end(),
                                                [](const auto& one) { return one->state == "under way"; }));
}

// One that is under way counts until its end.
void forget_oldest(Seat& seat) {
  const auto at = std::find_if(seat.downloads.begin(), seat.downloads.end(),
                               [](const auto& one) { return one->state != "under way"; });
  seat.downloads.erase(at);
}

}  // namespace

Json Browser::downloads_of(const Seat& seat) const {
  return with("behavior", "allowAndName", "browserContextId", seat.context, "downloadPath",
              m_ground.porch.path(seat.folder), "eventsEnabled", true);
}

// The browser writes into the folder of its context; who looks for a file there has its name from the browser, too.
Task<void> Browser::make_folder(Patience& patience, std::shared_ptr<Seat> seat) {
  if (seat->folder.empty()) {
    const std::function<std::string()> work = [&porch = m_ground.porch] { return porch.make("d"); };
    seat->folder = co_await Away<std::string>(m_ground.carrier, patience, work);
  }
  const Json params = downloads_of(*seat);
  co_await Ask(cdp(), patience, the_browser, "Browser.setDownloadBehavior", params);
}

std::shared_ptr<Seat> Browser::seat_of_frame(const std::string& frame) const {
  for (const auto& [session, seat] : m_seats)
    for (const auto& tab : seat->tabs)
      if (tab->names().target == frame || tab->has_frame(frame)) return seat;
  const auto at = std::find_if(m_recent.begin(), m_recent.end(), [&](const auto& one) { return one.first == frame; });
  return at == m_recent.end() ? nullptr : seat_of(at->second);
}

void Browser::refuse(const std::shared_ptr<Seat>& seat, Download& one, std::string why) {
  one.state = "refused";
  one.why = std::move(why);
  cdp().send(the_browser, "Browser.cancelDownload", with("guid", one.guid, "browserContextId", seat->context));
}

void Browser::download_begins(const Json& params) {
  const std::string guid = text_of(params, "guid");
  const auto seat = seat_of_frame(text_of(params, "frameId"));
  if (guid.empty() || guid.size() > 100 || guid.find('/') != guid.npos) return;
  if (!seat) {  // of a page that is nobody's
    for (const auto& [session, any] : m_seats)
      if (!any->context.empty())
        cdp().send(the_browser, "Browser.cancelDownload", with("guid", guid, "browserContextId", any->context));
    return;
  }
  const auto one = std::make_shared<Download>();
  one->number = ++seat->last_download;
  one->guid = guid;
  one->url = shortened(text_of(params, "url"));
  one->name = safe_name(text_of(params, "suggestedFilename"));
  const bool many = under_way_in(*seat) >= most_under_way;
  seat->downloads.push_back(one);
  while (seat->downloads.size() > most_downloads) forget_oldest(*seat);
  m_downloads[guid] = {seat, one};  // refused or not: it may be whole before it is cancelled
  if (many) return refuse(seat, *one, std::to_string(most_under_way) + " others are under way");
  seat->changed.tell();
}

void Browser::download_goes_on(const Json& params) {
  const auto at = m_downloads.find(text_of(params, "guid"));
  if (at == m_downloads.end()) return;
  const auto seat = at->second.first.lock();
  const auto one = at->second.second;
  const std::string state = text_of(params, "state");
  one->received = number_of(params, "receivedBytes");
  if (state == "inProgress" && one->received > static_cast<double>(m_ground.settings.largest_download) && seat &&
      one->state == "under way")
    return refuse(seat, *one, "it has more than " + std::to_string(m_ground.settings.largest_download) + " bytes");
  if (state == "inProgress") return;
  m_downloads.erase(at);
  if (!seat) return;
  if (state == "completed" && one->state == "under way") return bring_in(seat, one);
  if (one->state == "under way") one->state = "cancelled";
  m_ground.carrier.add(
      [&porch = m_ground.porch, folder = seat->folder, guid = one->guid] { porch.remove(folder, guid); });
  seat->changed.tell();
}

void Browser::bring_in(const std::shared_ptr<Seat>& seat, const std::shared_ptr<Download>& one) {
  m_ground.carrier.add([ground = &m_ground, weak = std::weak_ptr(seat), one, session = seat->session,
                        folder = seat->folder, guid = one->guid, name = one->name] {
    Brought brought;
    std::string why;
    try {
      const auto workspace = ground->workspaces.open(session);
      const berth::Fd file = ground->porch.take(folder, guid);
      brought = bring(workspace, name, file.get(), ground->settings.quarantine);
    } catch (const berth::Error& error) {
      why = error.message();
    }
    ground->porch.remove(folder, guid);
    ground->loop.post([ground, weak, one, brought, why, session] {
      one->state = why.empty() ? "done" : "refused";
      one->why = why;
      one->path = brought.path;
      one->quarantined = brought.quarantined;
      ground->events.publish("browser.download", one->json(), session);
      if (const auto left = weak.lock()) left->changed.tell();
    });
  });
}

void Browser::lose_downloads() {
  for (const auto& [guid, both] : m_downloads)
    if (both.second->state == "under way") {
      both.second->state = "failed";
      both.second->why = "the browser has ended";
    }
  m_downloads.clear();
  m_recent.clear();
}

// What the browser may read still is not taken away: only what a page that is gone was given, and that not at once.
void Browser::sweep(Seat& seat, bool all) {
  std::erase_if(seat.uploads, [&](const Upload& one) {
    const auto tab = one.tab.lock();
    if (!all && tab && !tab->lost() && tab->loader() == one.page) return false;
    m_ground.carrier.add([&porch = m_ground.porch, folder = one.folder] { porch.remove(folder); });
    return true;
  });
}

}  // namespace browser
