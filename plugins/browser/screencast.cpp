// The browser sends the next picture when the last one is acknowledged; that is done at the pace that was wished for,
// whoever takes them or not. A viewer that is too slow misses pictures, and holds nobody up.
#include "screencast.hpp"

#include <algorithm>
#include <utility>

namespace browser {

Screencast::~Screencast() {
  for (const auto& one : m_viewers) one->call.finish();
}

void Screencast::add(const std::shared_ptr<Viewer>& viewer, const Json& wish) {
  if (m_viewers.size() >= most_viewers)
    throw berth::Error(429, "too_many_viewers", "this tab has " + std::to_string(most_viewers) + " viewers already");
  m_viewers.push_back(viewer);
  if (m_viewers.size() > 1) {
    if (!m_last.is_null()) show(viewer);
    return;
  }
  m_between = std::chrono::milliseconds(static_cast<std::int64_t>(1000 / wish.value("rate", 10.0)));
  m_cdp->send(m_session, "Page.startScreencast",
              with("format", "jpeg", "quality", wish.value("quality", 60), "maxWidth", wish.value("width", 1280),
                   "maxHeight", wish.value("height", 800), "everyNthFrame", 1));
}

void Screencast::remove(const std::shared_ptr<Viewer>& viewer) {
  const auto gone = std::find(m_viewers.begin(), m_viewers.end(), viewer);
  if (gone == m_viewers.end()) return;
  viewer->call.finish();
  m_viewers.erase(gone);
  if (!m_viewers.empty()) return;
  m_last = Json();
  m_pace.cancel();
  m_cdp->send(m_session, "Page.stopScreencast", with());
}

void Screencast::show(const std::shared_ptr<Viewer>& viewer) {
  if (viewer->full) return;
  const berth::Flow flow = viewer->call.push(m_last, "frame");
  if (flow == berth::Flow::full) viewer->full = true;
  if (flow == berth::Flow::gone || flow == berth::Flow::wrong) remove(viewer);
}

void Screencast::frame(const Json& params) {
  const Json number = part(params, "sessionId");
  m_pace.set(m_between,
             [this, number] { m_cdp->send(m_session, "Page.screencastFrameAck", with("sessionId", number)); });
  const Json& about = part(params, "metadata");
  m_last =
      with("jpeg", text_of(params, "data"), "width", part(about, "deviceWidth"), "height", part(about, "deviceHeight"),
           "scroll_x", part(about, "scrollOffsetX"), "scroll_y", part(about, "scrollOffsetY"));
  const auto all = m_viewers;
  for (const auto& one : all) show(one);
}

}  // namespace browser
