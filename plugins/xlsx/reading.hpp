// A part read by a handler, to its end or as far as is wanted. What is spoiled or malformed throws berth::Error (422)
// with the part's name.
#pragma once

#include <functional>

#include "package.hpp"
#include "xml.hpp"

namespace xlsx {

void read_part(const ooxml::Package& package, const ooxml::Part& part, ooxml::Handler& handler);

struct Enough {};  // thrown by a handler that wants no more

// `stop` is asked now and then; may be empty. What it ends throws berth::Error (499).
void read_enough(const ooxml::Package& package, const ooxml::Part& part, ooxml::Handler& handler,
                 const std::function<bool()>& stop = {}, const std::function<void(double)>& progress = {});

}  // namespace xlsx
