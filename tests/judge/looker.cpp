// ooxml-look: what the library finds in files: ooxml-look [--office 2019] FILE…, or
// names by lines of stdin. One line of JSON for each.
#include <fcntl.h>
#include <unistd.h>

#include <chrono>
#include <iostream>
#include <nlohmann/json.hpp>

#include "look.hpp"
#include "sheet/rules.hpp"
#include "word/rules.hpp"

namespace {

using Json = nlohmann::ordered_json;

Json told(const ooxml::Finding& one) {
  return {{"severity", ooxml::name(one.severity)},
          {"layer", ooxml::name(one.layer)},
          {"code", one.code},
          {"part", one.part},
          {"path", one.path},
          {"name", one.name},
          {"line", one.line},
          {"message", one.message},
          {"expected", one.expected},
          {"remedy", one.remedy}};
}

void look_at(const std::string& path, ooxml::Office office) {
  auto begun = std::chrono::steady_clock::now();
  Json answer{{"file", path}};
  int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) {
    answer["error"] = "cannot be opened";
  } else {
    ooxml::Findings findings;
    ooxml::LookOptions options;
    options.office = office;
    if (auto package = ooxml::Package::open(file, {}, findings)) {
      auto rules = package->kind() == ooxml::Kind::sheet  ? ooxml::sheet_rules()
                   : package->kind() == ooxml::Kind::word ? ooxml::word_rules()
                                                          : nullptr;
      ooxml::look(*package, rules.get(), options, findings);
    }
    close(file);
    answer["valid"] = findings.valid();
    answer["findings"] = Json::array();
    for (const auto& one : findings.kept()) answer["findings"].push_back(told(one));
    answer["total"] = findings.total();
  }
  answer["ms"] = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begun).count();
  std::cout << answer.dump(-1, ' ', false, Json::error_handler_t::replace) << "\n" << std::flush;
}

}  // namespace

int main(int count, char** arguments) {
  std::vector<std::string> words(arguments + 1, arguments + count);
  ooxml::Office office = ooxml::Office::o2019;
  if (words.size() >= 2 && words[0] == "--office") {
    int year = std::atoi(words[1].c_str());
    office = static_cast<ooxml::Office>(year == 365 ? 3650 : year);
    words.erase(words.begin(), words.begin() + 2);
  }
  for (const std::string& word : words) look_at(word, office);
  if (!words.empty()) return 0;
  for (std::string line; std::getline(std::cin, line);) look_at(line, office);
  return 0;
}
