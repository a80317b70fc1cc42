// What does not fit into a cell's answer goes into a file in the session's workspace.
#pragma once

#include <berth/spill.hpp>

namespace kernel {

using berth::Spill;

class Spiller : public berth::Spiller {
 public:
  explicit Spiller(const berth::Workspaces& workspaces) : berth::Spiller(workspaces, "cells") {}
};

}  // namespace kernel
