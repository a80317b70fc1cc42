// One call of an operation on files: what is asked, by whom, and of which workspace. Every operation is a function of
// this alone, so a test needs no host.
#pragma once

#include <berth/call.hpp>

#include <mutex>
#include <string>

#include "proven.hpp"
#include "root.hpp"
#include "usage.hpp"

namespace workspace {

struct Asked {
  const Root& root;
  Usage& usage;
  std::mutex& changing;  // held while what is there is compared and replaced, and no longer
  Proven& proven;        // which of the stores are as they were written
  const berth::Json& input;
  std::string scope;  // of the caller

  std::string text(const char* field, const char* otherwise = "") const { return input.value(field, otherwise); }
  bool flag(const char* field, bool otherwise = false) const { return input.value(field, otherwise); }
  Place place(const char* field = "path") const { return root.place(text(field)); }
  // Throws an Error unless the caller may change what is there.
  Place place_to_change(const char* field = "path") const {
    Place found = place(field);
    demand_change(found, scope);
    return found;
  }
};

}  // namespace workspace
