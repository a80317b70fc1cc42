// Downloads, as the browser tells of them: which session's each is, how far it is, and what becomes of it.
#include <algorithm>
#include <utility>

#include "browser.hpp"
#include "files.hpp"

namespace browser {

namespace {

constexpr std::size_t most_downloads = 100, most_under_way = 10;
constexpr double most_of_a_session = 2, most_of_all = 8;  // at a time: so many of the largest that there may be

std::size_t under_way_in(const Seat& seat) {
  return static_cast<std::size_t>(std::count_if(seat.downloads.begin(), seat.downloads.end(),
                                                [](const auto& one) { return one->state == "under way"; }));
}

// Those that are being brought in count still.
double bytes_under_way_in(const Seat& seat) {
  double bytes = 0;
  for (const auto& one : seat.downloads) bytes += one->state == "under way" ? one->received : 0;
  return bytes;
}

// One that is under way counts until its end.
void forget_oldest(Seat& seat) {
  const auto at = std::find_if(seat.downloads.begin(), seat.downloads.end(),
                               [](const auto& one) { return one->state != "under way"; });
  seat.downloads.erase(at);
}

}  // namespace

Json Browser::downloads_of(const Seat& seat) const {
  if (!seat.folder) return with("behavior", "deny", "browserContextId", seat.context);
  return with("behavior", "allowAndName", "browserContextId", seat.context, "downloadPath",
              m_ground.porch.path(seat.folder->name()), "eventsEnabled", true);
}

// The browser writes into the folder of its context; who looks for a file there has its name from the browser, too.
Task<void> Browser::make_folder(Patience& patience, std::shared_ptr<Seat> seat) {
  if (!seat->folder) {
    using Folder = std::shared_ptr<const PorchFolder>;
    const std::function<Folder()> work = [&ground = m_ground] {
      return std::make_shared<const PorchFolder>(ground.porch, ground.carrier, ground.porch.make("d"));
    };
    seat->folder = co_await Away<Folder>(m_ground.carrier, patience, work);
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

// Of what is on its way to workspaces: by itself, with what else its session has, and with what all have.
std::string Browser::too_much(const Seat& of, const Download& one) const {
  const double most = static_cast<double>(m_ground.settings.largest_download);
  double all = 0;
  for (const auto& [key, seat] : m_seats) all += bytes_under_way_in(*seat);
  const auto words = [](const char* what, double bytes) {
    return what + (" more than " + std::to_string(static_cast<std::uint64_t>(bytes))) + " bytes";
  };
  if (std::max(one.received, one.expected) > most) return words("it has", most);
  if (bytes_under_way_in(of) > most_of_a_session * most)
    return words("what the session downloads at a time has", most_of_a_session * most);
  if (all > most_of_all * most) return words("what all sessions download at a time has", most_of_all * most);
  return {};
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
  one->expected = number_of(params, "totalBytes");
  if (state != "canceled" && seat && one->state == "under way")
    if (std::string why = too_much(*seat, *one); !why.empty()) refuse(seat, *one, std::move(why));
  if (state == "inProgress") return;
  m_downloads.erase(at);
  if (!seat) return;
  if (state == "completed" && one->state == "under way") return bring_in(seat, one);
  if (one->state == "under way") one->state = "cancelled";
  if (seat->folder)
    m_ground.carrier.add(
        [&porch = m_ground.porch, folder = seat->folder, guid = one->guid] { porch.remove(folder->name(), guid); });
  seat->changed.tell();
}

void Browser::bring_in(const std::shared_ptr<Seat>& seat, const std::shared_ptr<Download>& one) {
  if (!seat->folder) {
    one->state = "failed";
    one->why = "the folder that it was in is gone";
    return seat->changed.tell();
  }
  m_ground.carrier.add([ground = &m_ground, weak = std::weak_ptr(seat), one, session = seat->session,
                        folder = seat->folder, guid = one->guid, name = one->name] {
    Brought brought;
    std::string why;
    try {
      const auto workspace = ground->workspaces.open(session);
      const berth::Fd file = ground->porch.take(folder->name(), guid);
      brought = bring(workspace, name, file.get(), ground->settings.quarantine);
    } catch (const berth::Error& error) {
      why = error.message();
    }
    ground->porch.remove(folder->name(), guid);
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

// What the browser that has ended was writing goes with its folder; the next one has another.
void Browser::lose_downloads() {
  for (const auto& [key, seat] : m_seats) seat->folder.reset();
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
    return all || !tab || tab->lost() || tab->loader() != one.page;
  });
}

}  // namespace browser
