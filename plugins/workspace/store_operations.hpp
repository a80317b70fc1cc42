// workspace.store.append, .read, .verify and .list.
#pragma once

#include <berth/schema.hpp>

#include "asked.hpp"

namespace workspace {

berth::Schema store_append_input();
berth::Schema store_read_input();
berth::Schema store_verify_input();

berth::Json store_append(const Asked& asked, const berth::Call& call);
berth::Json store_read(const Asked& asked);
berth::Json store_verify(const Asked& asked, const berth::Call& call);
berth::Json store_list(const Asked& asked);

}  // namespace workspace
