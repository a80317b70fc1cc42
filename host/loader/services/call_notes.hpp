// Chunks of the calls that plugins make, as notes carry them.
#pragma once

#include <string>

#include "loader/process/frame.hpp"
#include "loader/provider.hpp"
#include "loader/services/note.hpp"

namespace berth::loader {

inline std::string pack_marks(const Chunk& chunk) {
  Packer fields;
  fields.number(chunk.binary ? 1 : 0).text(chunk.event).text(chunk.id);
  return fields.done();
}

inline std::size_t taken_weight(std::size_t bytes) { return bytes + 64; }  // as routing counts a chunk

}  // namespace berth::loader
