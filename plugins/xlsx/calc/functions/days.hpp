// What functions of dates have in common.
#pragma once

#include "../dates.hpp"
#include "../evaluator.hpp"

namespace xlsx::calc {

inline bool since_1904(Call& call) { return call.evaluator().book().since_1904; }
inline bool good_day(double serial) { return serial >= 0 && serial < last_day + 1; }

}  // namespace xlsx::calc
