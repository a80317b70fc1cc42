// workspace.upload: what comes from outside lands in upload/, as it is or extracted.
#pragma once

#include <berth/schema.hpp>

#include "asked.hpp"

namespace workspace {

berth::Schema upload_input();
berth::Json upload(const Asked& asked, const berth::Call& call);

}  // namespace workspace
