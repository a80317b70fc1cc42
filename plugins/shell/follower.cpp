// One piece after the other, until the client is behind or has all there is.
#include "follower.hpp"

#include <charconv>

namespace shell {

using berth::Flow;
using berth::Json;

namespace {

std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

std::optional<Follower::Place> Follower::read(std::string_view event_id) {
  const auto dot = event_id.find('.');
  if (dot == std::string_view::npos) return std::nullopt;
  const auto out = number(event_id.substr(0, dot)), err = number(event_id.substr(dot + 1));
  if (!out || !err) return std::nullopt;
  return Place{*out, *err};
}

void Follower::push(const Json& data, const char* event) {
  if (m_gone) return;
  const Flow flow = m_call.push(data, event, std::to_string(m_place.out) + "." + std::to_string(m_place.err));
  m_full = flow == Flow::full;
  if (flow == Flow::gone || flow == Flow::wrong) leave();
}

void Follower::show(const Gathered& output, const Json* last) {
  const bool ended = last != nullptr;
  while (!m_full && !m_gone && (show(true, output.out(), ended) || show(false, output.err(), ended))) continue;
  if (!ended || m_full || m_gone) return;
  push(*last, "status");
  leave();
}

// A character whose rest may still come waits for it; one whose rest was left out is left out.
bool Follower::show(bool out, const berth::Kept& kept, bool ended) {
  std::uint64_t& at = out ? m_place.out : m_place.err;
  if (at >= kept.total()) return false;
  auto piece = kept.from(at, most_piece);
  const auto& [begin, text] = piece;
  if (begin == at && berth::whole_size(text) == 0 && at + text.size() < kept.total())
    piece = kept.from(at + text.size(), most_piece);
  const char* name = out ? "stdout" : "stderr";
  if (begin > at) {
    const std::uint64_t to = begin + berth::first_whole(text);
    const Json gap{{"name", name}, {"at", at}, {"bytes", to - at}};
    at = to;
    push(gap, "left_out");
    return true;
  }
  const bool last = ended && at + text.size() == kept.total();
  const std::size_t size = last ? text.size() : berth::whole_size(text);
  if (size == 0) return false;
  const Json data{{"name", name}, {"at", at}, {"text", text.substr(0, size)}};
  at += size;
  push(data, "stream");
  return true;
}

void Follower::leave() {
  if (!m_gone.exchange(true)) m_call.finish();
}

}  // namespace shell
