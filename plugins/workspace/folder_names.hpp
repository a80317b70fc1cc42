// The names in a folder, as the disk has them: any bytes but "/" and zero.
#pragma once

#include <dirent.h>
#include <fcntl.h>

#include <memory>
#include <string>
#include <string_view>

#include <berth/fd.hpp>

namespace workspace {

// Calls `take` with each entry until it says false. The descriptor stays the caller's, and where it stands does not
// matter.
template <class Take>
void each_entry(int folder, Take take) {
  berth::Fd own(::openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  const std::unique_ptr<DIR, int (*)(DIR*)> stream(own ? ::fdopendir(own.get()) : nullptr, &::closedir);
  if (!stream) return;
  own.release();  // the stream has it
  while (const dirent* entry = ::readdir(stream.get())) {
    const std::string_view name(entry->d_name);
    if (name != "." && name != ".." && !take(*entry)) return;
  }
}
// The same with each name alone.
template <class Take>
void each_name(int folder, Take take) {
  each_entry(folder, [&take](const dirent& entry) { return take(std::string(entry.d_name)); });
}

}  // namespace workspace
