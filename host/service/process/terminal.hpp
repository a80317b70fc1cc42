// The two sides of a terminal that a program is given.
#pragma once

#include "service/process/launcher.hpp"

namespace berth::service {

// Of an order with a terminal: its descriptor 0 is the master's side, and becomes the program's, as do 1 and 2 unless
// they are given. Asked of the terminal itself, since whoever makes one may not be allowed to open any by its path. An
// errno, or 0.
int give_terminal(Order& order);

}  // namespace berth::service
