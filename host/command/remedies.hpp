// What to do about a layer of isolation that this machine refuses. The machine is asked first, so that nobody is told
// to turn a switch that is on already.
#pragma once

#include <string>

namespace berth::command {

// `layer` is one of jail::Layer's names. Files are looked for below `root`, for a test.
std::string remedy_for_layer(const std::string& layer, bool as_root, const std::string& root = "");
std::string remedy_for_layer(const std::string& layer);  // here, for who asks

}  // namespace berth::command
