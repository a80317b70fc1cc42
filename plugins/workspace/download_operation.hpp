// workspace.download: a file, of which the host serves ranges, or a folder as an archive that is made while it is sent.
#pragma once

#include <berth/schema.hpp>

#include "asked.hpp"
#include "threads.hpp"

namespace workspace {

berth::Schema download_input();
void download(const Asked& asked, const berth::Call& call, Threads& threads);

}  // namespace workspace
