// What several operations take: which kernel is meant.
#pragma once

#include <berth/plugin.hpp>

namespace kernel {

inline berth::Schema kernel_id() {
  return berth::string()
      .pattern("^[a-z0-9][a-z0-9_-]{0,47}$")
      .describe("Which kernel of the session")
      .example("default");
}
inline berth::Field at_path() { return berth::field("kernel", kernel_id()); }
inline berth::Field in_body() { return berth::optional("kernel", kernel_id().otherwise("default")); }

}  // namespace kernel
