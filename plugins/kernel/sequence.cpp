// An event is sent before the mark that bears its number, and after what was written before it. A pipe that still has
// something to read may have what belongs before an event; its number says up to where it has been read.
#include "sequence.hpp"

#include <algorithm>
#include <iterator>
#include <limits>
#include <utility>

namespace kernel {

namespace {

constexpr Told::What streams[] = {Told::What::out, Told::What::err};

}  // namespace

void Sequence::piece(std::size_t pipe, std::string_view bytes, bool late) {
  std::vector<Piece> pieces;
  m_marks[pipe].feed(bytes, pieces);
  for (auto& one : pieces)
    (late ? m_late : m_early).push_back({one.number, true, {streams[pipe], std::move(one.bytes), {}}});
}

void Sequence::event(FrameReader::Frame frame) {
  const auto said = frame.json.find("seq");
  if (said != frame.json.end() && said->is_number_unsigned()) m_last = std::max(m_last, said->get<std::uint64_t>());
  const auto number = said != frame.json.end() && said->is_number_unsigned() ? said->get<std::uint64_t>() : m_last;
  m_event_bytes += frame.bytes;
  m_events.push_back({number, false, {Told::What::event, {}, std::move(frame)}});
}

// Marks are written whole, and before the event that they belong to: what looks like half of one at a cell's end is
// data.
void Sequence::flush_rests(std::array<bool, 2> drained) {
  for (std::size_t pipe = 0; pipe < 2; ++pipe) {
    if (!drained[pipe]) continue;
    if (auto rest = m_marks[pipe].take_rest(); !rest.empty())
      m_late.push_back({m_marks[pipe].number(), true, {streams[pipe], std::move(rest), {}}});
  }
}

// A pipe that never runs dry must not keep events back for ever: after so many rounds the order is not exact any more.
std::uint64_t Sequence::limit(std::array<bool, 2> drained, bool ended) {
  std::uint64_t limit = std::numeric_limits<std::uint64_t>::max();
  if (ended || m_rounds_held >= most_rounds) return limit;
  for (std::size_t pipe = 0; pipe < 2; ++pipe)
    if (!drained[pipe]) limit = std::min(limit, m_marks[pipe].number());
  return limit;
}

std::vector<Told> Sequence::take(std::array<bool, 2> drained, bool ended) {
  const auto is_end = [](const Item& one) {
    const auto name = one.told.frame.json.find("event");
    return name != one.told.frame.json.end() && *name == "done";
  };
  if (ended || std::any_of(m_events.begin(), m_events.end(), is_end)) flush_rests(drained);
  const std::uint64_t most = limit(drained, ended);
  std::uint64_t first_held = std::numeric_limits<std::uint64_t>::max();
  std::vector<Item> items, early, events;
  for (auto& one : std::exchange(m_events, {})) {
    const bool waits = one.number > most;
    if (waits) first_held = std::min(first_held, one.number);
    if (!waits) m_event_bytes -= one.told.frame.bytes;
    (waits ? events : items).push_back(std::move(one));
  }
  const bool all_told = events.empty();
  m_events = std::move(events);
  m_rounds_held = all_told ? 0 : m_rounds_held + 1;
  for (auto& one : std::exchange(m_early, {}))
    (all_told || one.number < first_held ? items : early).push_back(std::move(one));
  const std::uint64_t last = std::min(m_last, first_held);
  for (auto& one : std::exchange(m_late, {})) (ended || one.number < last ? items : early).push_back(std::move(one));
  m_early = std::move(early);
  std::stable_sort(items.begin(), items.end(), [](const Item& a, const Item& b) {
    return a.number != b.number ? a.number < b.number : a.piece < b.piece;
  });
  std::vector<Told> told;
  told.reserve(items.size());
  for (auto& one : items) told.push_back(std::move(one.told));
  return told;
}

}  // namespace kernel
