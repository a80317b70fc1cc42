// workspace.site: what is in deploy/, as a web site.
#pragma once

#include <berth/schema.hpp>

#include "asked.hpp"

namespace workspace {

berth::Schema site_input(bool with_path);
void site(const Asked& asked, const berth::Call& call);

}  // namespace workspace
