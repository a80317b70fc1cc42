// The honest courier, and the four lies.
#include "beast_courier.hpp"

namespace berth::bench {

namespace {

constexpr std::uint64_t lies_every = 1000;  // answers

}  // namespace

std::optional<Lie> parse_lie(std::string_view text) {
  if (text == "whole") return Lie::whole;
  if (text == "body") return Lie::body;
  if (text == "lose") return Lie::lose;
  if (text == "twice") return Lie::twice;
  return std::nullopt;
}

void Courier::carry(std::shared_ptr<Connection> to, Parcel parcel) {
  if (m_lie == Lie::none) return to->deliver(std::move(parcel));
  if (m_held && m_held->first != to) return swap_with_held(std::move(to), std::move(parcel));
  if (++m_carried % lies_every != 0 || m_held) return to->deliver(std::move(parcel));
  if (m_lie == Lie::lose) return;
  if (m_lie == Lie::twice) {
    parcel.stray = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}";
    return to->deliver(std::move(parcel));
  }
  m_held.emplace(std::move(to), std::move(parcel));
}

void Courier::swap_with_held(std::shared_ptr<Connection> to, Parcel parcel) {
  auto [first, held] = std::move(*m_held);
  m_held.reset();
  std::swap(held.answer, parcel.answer);
  if (m_lie == Lie::whole) std::swap(held.request_id, parcel.request_id);
  first->deliver(std::move(held));
  to->deliver(std::move(parcel));
}

}  // namespace berth::bench
