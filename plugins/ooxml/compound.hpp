// Compound files: the form of Office's files before 2007, and of encrypted ones ever since.
#pragma once

#include <cstdint>

#include "bytes.hpp"

namespace ooxml {

enum class Compound : std::uint8_t { none, encrypted, word, excel, slides, other };

// What a file is as a compound file, by the names in its root; never throws for what the file says.
Compound compound_kind(const Bytes& bytes);

}  // namespace ooxml
