// What the operations answer, as schemas: for whoever writes a client, and for LLM clients.
#pragma once

#include <berth/schema.hpp>

namespace workspace {

berth::Schema read_answer();
berth::Schema write_answer();  // of append, too
berth::Schema edit_answer();
berth::Schema delete_answer();
berth::Schema list_answer();
berth::Schema tree_answer();
berth::Schema stat_answer();
berth::Schema move_answer();
berth::Schema copy_answer();
berth::Schema mkdir_answer();
berth::Schema upload_answer();
berth::Schema store_append_answer();
berth::Schema store_read_answer();
berth::Schema store_verify_answer();
berth::Schema store_list_answer();

}  // namespace workspace
