// A file without a name for what is too much for memory: it is gone with the last descriptor.
#pragma once

#include <string_view>

namespace xlsx {

// Both throw std::runtime_error. Whoever asked closes it.
int unnamed_file();
void write_all(int file, std::string_view bytes);

}  // namespace xlsx
