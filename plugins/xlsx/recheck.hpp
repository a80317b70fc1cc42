// Whether a workbook's values are what its formulas make of them: errors with their root, stale values, circles, and
// what cannot be computed here.
#pragma once

#include <string>

#include "serve/asked.hpp"

namespace xlsx {

berth::Json recheck(const ooxml::serve::Asked& asked);
// 0: all is right; 1: it is not.
int recheck_exit(const berth::Json& answer);
std::string recheck_report(const std::string& path, const berth::Json& answer, bool colours);

}  // namespace xlsx
