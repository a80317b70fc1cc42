// Pictures in which what can be used has its ref written on it.
#pragma once

#include <memory>
#include <string>

#include "snapshot.hpp"

namespace browser {

// Draws the refs onto the page; `whole`: of all of it, and not of the window alone. How many there are.
Task<int> draw_marks(Patience& patience, std::shared_ptr<Tab> tab, bool whole);
void wipe_marks(Tab& tab);

}  // namespace browser
