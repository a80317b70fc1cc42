// What a package is refused for becomes the client's error.
#include "serve/asked.hpp"

#include <utility>

namespace ooxml::serve {

using berth::Error;

namespace {

std::string code_of(std::string code) {
  for (char& c : code) {
    if (c == '-') c = '_';
  }
  return code;
}

std::string_view kind_name(Kind kind) {
  switch (kind) {
    case Kind::word: return "a Word document";
    case Kind::sheet: return "an Excel workbook";
    case Kind::slides: return "a PowerPoint presentation";
    default: return "a package of an unknown kind";
  }
}

}  // namespace

std::unique_ptr<Package> package_of(int file, const PackageLimits& limits) {
  Findings findings;
  auto package = Package::open(file, limits, findings);
  if (package) return package;
  for (const auto& finding : findings.kept()) {
    if (finding.severity == Severity::refused) throw Error(422, code_of(finding.code), finding.message, finding.remedy);
  }
  throw Error(422, "not_a_package", "the file is no package of Office's");
}

Opened opened(const Asked& asked, const char* field, Kind kind) {
  Opened all;
  const std::string path = asked.input.at(field);
  all.file = asked.files.open(path);
  all.package = package_of(all.file.get());
  if (all.package->kind() != kind || !all.package->main())
    throw Error(422, "another_kind",
                path + " is " + std::string(kind_name(all.package->kind())) + ", and " + std::string(kind_name(kind)) +
                    " is wanted");
  return all;
}

Place place_for(const Asked& asked) {
  const std::string path = asked.input.at("path");
  const std::string to = asked.text("to");
  const bool replace = asked.input.value("replace", false);
  if (!to.empty()) return {to, replace, {}};
  if (!replace)
    throw Error(400, "no_place", "it is not said where the changed document is to go",
                "say `to`, a new file; or `replace`: true, to change the file itself");
  return {path, true, asked.files.etag_of(path)};
}

}  // namespace ooxml::serve
