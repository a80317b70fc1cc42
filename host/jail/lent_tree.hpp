// A folder of the host's user that an agent with another user is to write: mounted so that each is its owner.
#pragma once

#include <sys/types.h>

namespace berth::jail {

// What in this mount belongs to the host's user will belong to `agent`, and what that one makes is on disk the host's
// user's. Only for a mount that is nowhere yet. False: the kernel or the file system cannot do that.
bool lend_tree(int tree, uid_t agent);

}  // namespace berth::jail
