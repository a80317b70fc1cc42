// A terminal that missed something cannot know what state it is in, so it is reset before it is given what there is.
#include "broadcast.hpp"

#include <berth/output.hpp>

#include <algorithm>
#include <utility>

namespace shell {

using berth::Flow;

namespace {

constexpr std::size_t piece = 32u << 10;
constexpr std::string_view reset =
    "\x1b"
    "c";

}  // namespace

void Broadcast::tidy() {
  const auto gone = [](const std::shared_ptr<Viewer>& one) { return one->gone.load(); };
  m_viewers.erase(std::remove_if(m_viewers.begin(), m_viewers.end(), gone), m_viewers.end());
}

bool Broadcast::waits() {
  tidy();
  const auto full = [](const std::shared_ptr<Viewer>& one) { return one->full; };
  return !m_viewers.empty() && std::all_of(m_viewers.begin(), m_viewers.end(), full);
}

bool Broadcast::add(std::string_view bytes) {
  m_history.add(bytes);
  for (const auto& one : m_viewers) show(*one);
  return !waits();
}

std::shared_ptr<Broadcast::Viewer> Broadcast::join(std::function<Flow(std::string_view)> send) {
  tidy();
  const auto viewer = std::make_shared<Viewer>();
  viewer->send = std::move(send);
  viewer->place = m_history.begin();
  viewer->past = whole_end();
  m_viewers.push_back(viewer);
  return viewer;
}

std::uint64_t Broadcast::whole_end() const {
  return m_history.begin() + berth::whole_size(m_history.from(m_history.begin()));
}

// What it has not been given yet, or some of it; empty: nothing that can be shown.
std::string Broadcast::next(Viewer& viewer) const {
  while (viewer.place < m_history.end()) {
    const bool was = viewer.place < viewer.past;
    auto bytes = m_history.from(viewer.place).substr(0, piece);
    if (was) bytes = bytes.substr(0, static_cast<std::size_t>(viewer.past - viewer.place));
    const auto to = viewer.place + bytes.size();
    const bool last = to == viewer.past || (m_over && to == m_history.end());  // whole, or what it lacks never comes
    const std::size_t size = last ? bytes.size() : berth::whole_size(bytes);
    if (size == 0) return {};
    viewer.place += size;
    std::string text = berth::clean(bytes.substr(0, size));
    text = was ? viewer.replay.add(text) : viewer.replay.finish(text);
    if (!text.empty()) return text;
  }
  return {};
}

void Broadcast::show(Viewer& viewer) {
  const auto send = [&viewer](std::string_view text) {
    const Flow flow = viewer.send(text);
    viewer.full = flow == Flow::full;
    if (flow == Flow::gone || flow == Flow::wrong) viewer.gone = true;
  };
  if (viewer.place < m_history.begin() && !viewer.full && !viewer.gone) {
    viewer.place = m_history.begin();
    viewer.past = whole_end();
    viewer.replay = Replay();
    send(reset);
  }
  while (!viewer.full && !viewer.gone) {
    const std::string text = next(viewer);
    if (text.empty()) return;
    send(text);
  }
}

void Broadcast::drained(Viewer& viewer) {
  viewer.full = false;
  show(viewer);
}

void Broadcast::end() {
  m_over = true;
  for (const auto& one : m_viewers) show(*one);
}

std::size_t Broadcast::viewers() {
  tidy();
  return m_viewers.size();
}

std::string Broadcast::text() const {
  const auto all = m_history.from(m_history.begin());
  return std::string(all.substr(0, berth::whole_size(all)));
}

}  // namespace shell
