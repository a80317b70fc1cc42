// What a plugin's side and the host tell each other of processes, packed into notes. The descriptors of an order travel
// before it, one note each.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "loader/services/note.hpp"
#include "service/process/launcher.hpp"

namespace berth::loader {

// Takes the order's files; the notes are to be said in their order.
std::vector<Note> pack_order(std::uint64_t number, service::Order order);
struct ArrivedOrder {
  service::Order order;     // without its files, which have come before
  std::uint64_t files = 0;  // so many of them, if none was lost on the way
};
std::optional<ArrivedOrder> unpack_order(std::string_view data);  // null: it is none
std::optional<int> unpack_file(std::string_view fields);          // which number it is to have there

std::string pack_outcome(const service::Outcome& outcome);
service::Outcome unpack_outcome(std::string_view fields);

std::string pack_hits(const service::Hits& hits);
service::Hits unpack_hits(std::string_view fields);

}  // namespace berth::loader
