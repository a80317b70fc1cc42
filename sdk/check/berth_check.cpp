// berth-check PLUGIN.so: plays the host to a plugin and says what it does wrong. README.md has the table of checks.
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <set>

#include "checks.hpp"
#include "entry_checks.hpp"
#include "report.hpp"

namespace berth::check {

namespace {

namespace fs = std::filesystem;

// A folder to work in, for what the plugin writes; gone at the end.
class Room {
 public:
  Room() {
    std::string path = (fs::temp_directory_path() / "berth-check.XXXXXX").string();
    if (!::mkdtemp(path.data())) throw std::runtime_error("no temporary folder can be made");
    m_path = path;
    ::setenv("TMPDIR", path.c_str(), 1);
  }
  ~Room() {
    std::error_code ignored;
    fs::remove_all(m_path, ignored);
  }
  Room(const Room&) = delete;
  std::string path() const { return m_path; }

 private:
  std::string m_path;
};

// What the plugin is created with: --config, or what its schema gives.
Json config_for(const Options& options, const Json& manifest) {
  if (!options.config.is_null()) return options.config;
  const Json schema = manifest.value("config", Json());
  if (!schema.is_object()) return Json::object();
  Json config = Inputs(schema, options.seed).plain().value_or(Json::object());
  const Json fields = schema.value("properties", Json::object());
  for (const auto& [name, field] : fields.items()) {
    if (config.contains(name)) continue;
    if (!field.value("examples", Json::array()).empty()) config[name] = field["examples"][0];
    if (field.contains("default")) config[name] = field["default"];
  }
  return config;
}

class Run {
 public:
  Run(const Options& options, const std::string& room) : m_options(options), m_room(room) {}

  Report all() {
    const auto began = std::chrono::steady_clock::now();
    const std::string file = m_room + "/manifest";
    add(in_child("entry", {}, std::chrono::seconds(10),
                 [&](Reporter& reporter) { check_entry(m_options, reporter, file); }));
    std::ifstream in(file);
    m_manifest = Json::parse(in, nullptr, false);
    if (!failed("entry") && m_manifest.is_object()) run_checks();
    close();
    m_report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
    return std::move(m_report);
  }

 private:
  void run_checks() {
    m_report.name = m_manifest.value("name", "?");
    m_report.version = m_manifest.value("version", "?");
    m_report.operations = m_manifest.value("operations", Json::array()).size();
    m_config = config_for(m_options, m_manifest);
    for (const Check& check : all_checks()) {
      const bool gate = check.names.front() == "config" || check.names.front() == "manifest";
      const bool wanted =
          std::any_of(check.names.begin(), check.names.end(), [&](const auto& name) { return m_options.wants(name); });
      if (!wanted && !gate) continue;
      if (!gate && (failed("config") || malformed()))
        skip(check);
      else
        run(check);
    }
  }
  bool failed(const std::string& check) const {
    return std::any_of(m_report.findings.begin(), m_report.findings.end(),
                       [&](const Finding& one) { return one.check == check && one.verdict == Verdict::fail; });
  }
  // Without what the other checks look at.
  bool malformed() const {
    for (const Json& one : m_manifest.value("operations", Json::array()))
      for (const char* key : {"name", "kind", "input"})
        if (!one.contains(key)) return true;
    return !m_manifest.contains("operations");
  }
  void skip(const Check& check) {
    m_report.findings.push_back({check.names.front(), Verdict::skipped, {}, "the plugin does not start"});
  }

  void run(const Check& check) {
    if (check.kinds.empty()) return run(check, {});
    for (const Json& one : m_manifest["operations"]) {
      const std::string name = one["name"], kind = one["kind"];
      if (check.kinds.find(kind) != std::string::npos && !m_options.without.count(name)) run(check, name);
    }
  }
  void run(const Check& check, const std::string& operation) {
    const auto deadline = m_options.deadline > 0 ? std::chrono::seconds(m_options.deadline) : check.deadline;
    add(in_child(check.names.front(), operation, deadline, [&](Reporter& reporter) {
      if (::chdir(m_room.c_str()) != 0) throw std::runtime_error("the temporary folder is gone");
      check.run(Subject{m_options, reporter, load(m_options.file), m_manifest, m_config, operation});
    }));
  }
  // Several checks may come upon the same breach: it is told once.
  void add(const Findings& found) {
    for (const Finding& one : found) {
      const std::string rule = one.why.substr(0, one.why.find(':'));
      const bool shared = one.check == "rules" || one.check == "throw";
      if (shared && !m_told.insert(one.check + " " + one.operation + " " + rule).second) continue;
      m_report.findings.push_back(one);
    }
  }
  void close() {
    if (m_report.operations > 0 && !failed("config"))
      for (const char* check : {"throw", "rules"})
        if (!failed(check))
          m_report.findings.push_back(
              {check,
               Verdict::ok,
               {},
               *check == 't' ? "nothing was thrown across the boundary" : "no rule of the boundary was broken"});
    auto& all = m_report.findings;
    all.erase(
        std::remove_if(all.begin(), all.end(),
                       [&](const Finding& one) { return !m_options.wants(one.check) && one.verdict < Verdict::fail; }),
        all.end());
  }

  const Options& m_options;
  const std::string m_room;
  Json m_manifest, m_config;
  Report m_report;
  std::set<std::string> m_told;
};

}  // namespace
}  // namespace berth::check

int main(int argc, char** argv) try {
  using namespace berth::check;
  auto options = read_options({argv + 1, argv + argc});
  if (!options) return 2;
  if (options->help) return std::cout << usage, 0;
  if (!std::filesystem::exists(options->file)) {
    std::cerr << "berth-check: " << options->file << ": there is no such file\n";
    return 2;
  }
  options->given = std::exchange(options->file, std::filesystem::absolute(options->file).string());
  const Room room;
  const Report report = Run(*options, room.path()).all();
  print(report, *options);
  return exit_code(report, *options);
} catch (const std::exception& error) {
  std::cerr << "berth-check: " << error.what() << "\n";
  return 2;
}
