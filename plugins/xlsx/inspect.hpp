// All that is worth knowing of a workbook before one works on it.
#pragma once

#include "serve/asked.hpp"

namespace xlsx {

berth::Json inspect(const ooxml::serve::Asked& asked);

}  // namespace xlsx
