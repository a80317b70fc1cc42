// An operation that may take long: it answers, or its call is answered with a job at once, and it goes on.
#pragma once

#include <berth/service/calls.hpp>
#include <berth/service/jobs.hpp>

#include "serve/asked.hpp"

namespace ooxml::serve {

// In operations that are concurrent() and blocking(). A job only reads: the files that the input names are opened
// before the call ends, as afterwards nobody is there in whose name.
// `with` has what the operation is to know besides its input and files.
struct With {
  const berth::Json* config = nullptr;
  decltype(Asked::sdk) sdk = {};
};
void run_or_job(berth::Calls& calls, berth::Jobs& jobs, const berth::Call& call, berth::Json (*operation)(const Asked&),
                const With& with);

}  // namespace ooxml::serve
