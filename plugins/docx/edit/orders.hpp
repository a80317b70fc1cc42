// In which order the children of Word's elements stand, where the order is what files get wrong.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "edit/tree.hpp"

namespace docx {

// The order of an element's children; null: any, or it is not known here.
const std::vector<std::string_view>* order_of(const Tree& tree, std::uint32_t node);

}  // namespace docx
