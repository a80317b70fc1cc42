// A formula as it reads in another cell: what is not held by "$" moves along. Cells that share a formula have it once.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace xlsx::formula {

// What moves beyond a sheet's border becomes #REF!.
std::string shift(std::string_view formula, std::int64_t rows, std::int64_t columns);

}  // namespace xlsx::formula
