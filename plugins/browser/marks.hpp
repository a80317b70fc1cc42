// Pictures in which what can be used has its ref written on it.
#pragma once

#include <memory>
#include <string>

#include "snapshot.hpp"

namespace browser {

// Draws the refs onto the page; `whole`: of all of it, and not of the window alone. How many there are.
Task<int> draw_marks(Patience& patience, std::shared_ptr<Tab> tab, bool whole);
// They are gone once this is done, even if whoever wanted the picture has left.
Task<void> wipe_marks(Patients& among, std::shared_ptr<Tab> tab);

}  // namespace browser
