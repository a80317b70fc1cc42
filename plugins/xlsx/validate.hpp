// Whether a workbook is what the standard and Excel want it to be, and whether the Excel that is to open it knows its
// functions.
#pragma once

#include "serve/asked.hpp"

namespace xlsx {

berth::Json validate(const ooxml::serve::Asked& asked);
// 0 valid, 1 not, 4 no package that could be read.
int exit_of(const berth::Json& answer);

}  // namespace xlsx
