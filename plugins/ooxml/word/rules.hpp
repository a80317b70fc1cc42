// What Word's files must keep beyond the grammar: ids that are there once, references that lead somewhere, ranges that
// end, tables and fields that are whole.
#pragma once

#include <memory>

#include "look.hpp"

namespace ooxml {

std::unique_ptr<Domain> word_rules();

}  // namespace ooxml
