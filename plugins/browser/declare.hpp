// What the declarations of all operations have in common.
#pragma once

#include <berth/declaration.hpp>

#include <utility>
#include <vector>

#include "answers.hpp"

namespace browser {

template <class Operation>
Operation& words(Operation& operation, const char* summary, const char* about, const berth::Schema& input) {
  return operation.summary(summary).description(about).input(input).concurrent();
}

// Of those who make pictures, and of those who print.
std::vector<berth::Field> picture_fields();
std::vector<berth::Field> print_fields();
berth::Schema with_more(std::vector<berth::Field> fields, std::initializer_list<berth::Field> more);

}  // namespace browser
