// Finds out, by trying, what this machine allows.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "jail/groups.hpp"
#include "jail/inside_program.hpp"
#include "jail/isolation.hpp"
#include "service/error.hpp"

namespace berth::jail {

// `without`: layers to do without, though they may be there.
service::Result<Isolation> probe(const InsideProgram& program, const std::vector<GroupPlace>& places,
                                 const std::set<std::string>& without = {});

}  // namespace berth::jail
