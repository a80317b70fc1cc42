// One JSON object, name to source; nobody can change the file any more, so that one serves for all zygotes.
#include "engine.hpp"

#include <berth/call.hpp>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "engine_files.hpp"

namespace kernel {

std::string engine_boot() { return std::string(engine_files[0].second); }
std::string engine_launch() { return std::string(engine_files[1].second); }

berth::Fd engine_sources() {
  berth::Json sources = berth::Json::object();
  for (const auto& [name, text] : engine_files) sources[std::string(name)] = std::string(text);
  for (const char* one : {"boot", "launch"}) sources.erase(one);  // which are programs of their own
  const std::string all = berth::json_text(sources);
  berth::Fd file(::memfd_create("berth-kernel", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  if (!file || ::write(file.get(), all.data(), all.size()) != static_cast<ssize_t>(all.size()))
    throw berth::Error(503, "no_memory", "the kernel's engine finds no memory");
  ::fcntl(file.get(), F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE);
  return file;
}

}  // namespace kernel
