// Which kernels were written into files by themselves, and when: remembered across restarts, so that whoever comes back
// is told what there is.
#pragma once

#include <berth/call.hpp>
#include <berth/plugin.hpp>
#include <berth/service/files.hpp>

#include <chrono>
#include <set>
#include <string>
#include <utility>

namespace kernel {

class Kept {
 public:
  // `every`: between two of a kernel's; 0: there are none.
  Kept(berth::Files files, const berth::Log& log, std::chrono::seconds every)
      : m_files(std::move(files)), m_log(log), m_every(every) {}
  std::chrono::seconds every() const { return m_every; }
  static std::string path_of(const std::string& kernel) { return "output/" + kernel + ".auto.cryo"; }

  // All on the loop's thread; what cannot be remembered is not.
  void failed(const std::string& session, const std::string& kernel, const berth::Error& why) const;
  void wrote(const std::string& session, const std::string& kernel, std::int64_t cells);
  // What a kernel says of one of its name that there was before the plugin began; empty: nothing is known.
  std::string news(const std::string& session, const std::string& kernel) const;
  void forget(const std::string& session, const std::string& kernel);
  void forget(const std::string& session);

 private:
  berth::Json read(const std::string& session) const;
  void write(const std::string& session, const berth::Json& all) const;

  const berth::Files m_files;
  const berth::Log& m_log;
  const std::chrono::seconds m_every;
  std::set<std::pair<std::string, std::string>> m_now;  // sessions and kernels that were written since then
};

}  // namespace kernel
