// The one folder that both the plugin and the browser's jail see: copies of what is to be uploaded, and what has been
// downloaded until it is brought into the workspace. On the carrier's thread, but for PorchFolder.
#pragma once

#include <berth/fd.hpp>
#include <berth/service/files.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "carrier.hpp"

namespace browser {

class Porch {
 public:
  explicit Porch(const berth::Files& files) : m_files(files) {}
  ~Porch();
  Porch(const Porch&) = delete;

  // A new folder in it, whose name begins so: it answers the name. Throws 503 no_folder.
  std::string make(const std::string& beginning);
  std::string path(const std::string& name) const;  // as the browser sees it, too
  // A copy of `from` at FOLDER/NUMBER/NAME. Throws 507.
  std::string put(const std::string& folder, std::size_t number, const std::string& name, int from);
  // A file that the browser has written. Throws 502 not_downloaded if it is none.
  berth::Fd take(const std::string& folder, const std::string& name);
  void remove(const std::string& folder, const std::string& name = {});  // with all that is in it

 private:
  int root();
  const berth::Files& m_files;
  berth::Fd m_top, m_root;
  std::string m_name;
  std::uint64_t m_last = 0;
};

// A folder of it, as long as somebody has it: whoever makes one, and is gone before it is used, leaves nothing behind.
class PorchFolder {
 public:
  PorchFolder(Porch& porch, Carrier& carrier, std::string name)
      : m_porch(porch), m_carrier(carrier), m_name(std::move(name)) {}
  PorchFolder(const PorchFolder&) = delete;
  ~PorchFolder() {
    m_carrier.add([&porch = m_porch, name = m_name] { porch.remove(name); });
  }
  const std::string& name() const { return m_name; }

 private:
  Porch& m_porch;
  Carrier& m_carrier;
  const std::string m_name;
};

}  // namespace browser
