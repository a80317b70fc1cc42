// What a Trial is given: a plugin's file, and bodies to upload.
#ifndef BERTH_CHECK_GIVEN_HPP
#define BERTH_CHECK_GIVEN_HPP

#include <berth/abi.h>
#include <dlfcn.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace berth::check {

// A plugin's file, loaded until the process ends.
inline const berth_plugin* load(const std::string& file) {
  const std::string here = file.find('/') == std::string::npos ? "./" + file : file;
  void* library = ::dlopen(here.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!library) throw std::runtime_error(std::string("cannot be loaded: ") + ::dlerror());
  void* symbol = ::dlsym(library, "berth_plugin_entry");
  if (!symbol) throw std::runtime_error("does not export berth_plugin_entry");
  berth_plugin_entry_fn entry = nullptr;
  std::memcpy(&entry, &symbol, sizeof entry);
  const berth_plugin* plugin = entry();
  if (!plugin) throw std::runtime_error("its entry returned nothing");
  return plugin;
}

// A body to upload, in a file without a name, or the one that an http operation is sent. It outlives the call that it
// is given to.
class Body {
 public:
  explicit Body(std::string_view content = {}, std::string media_type = "application/octet-stream",
                std::string file_name = {})
      : bytes(content),
        type(std::move(media_type)),
        name(std::move(file_name)),
        m_file(std::tmpfile()),
        m_size(bytes.size()) {
    const bool written = m_file && std::fwrite(bytes.data(), 1, bytes.size(), m_file) == bytes.size();
    if (!written || std::fflush(m_file) != 0) throw std::runtime_error("no temporary file can be written");
    ::lseek(fd(), 0, SEEK_SET);
  }
  ~Body() { std::fclose(m_file); }
  Body(const Body&) = delete;
  int fd() const { return ::fileno(m_file); }
  std::size_t size() const { return m_size; }

  const std::string bytes, type, name;

 private:
  std::FILE* m_file;
  const std::size_t m_size;
};

}  // namespace berth::check

#endif
