// Any bytes as a file of Office: opened, each part read, and copied. What was copied must open again and be the same.
#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "package.hpp"
#include "rewrite.hpp"

namespace {

constexpr std::uint64_t most = 1 << 20;

std::string read(const ooxml::Archive& archive, std::size_t i) {
  std::string text;
  try {
    const auto source = archive.read(i, most, 200);
    for (std::string_view piece = source->next(); !piece.empty(); piece = source->next()) text += piece;
  } catch (const ooxml::Spoiled& spoiled) {
    return "!" + spoiled.code;
  }
  if (text.size() > most) std::abort();
  return text;
}

void compare(const ooxml::Archive& old, int copy) {
  ooxml::Findings findings;
  const auto archive = ooxml::Archive::open(ooxml::file_bytes(copy), {}, findings);
  if (!archive || !findings.valid()) std::abort();
  std::size_t at = 0;
  for (std::size_t i = 0; i < old.entries().size(); ++i) {
    const auto& entry = old.entries()[i];
    if (entry.spoiled || entry.folder) continue;
    if (archive->entries().at(at).name != entry.name || read(*archive, at) != read(old, i)) std::abort();
    ++at;
  }
  if (at != archive->entries().size()) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const int file = ::memfd_create("file", MFD_CLOEXEC), copy = ::memfd_create("copy", MFD_CLOEXEC);
  if (::ftruncate(file, 0) != 0 || ::pwrite(file, data, size, 0) != static_cast<ssize_t>(size)) std::abort();
  ooxml::PackageLimits limits;
  limits.part_bytes = limits.total_bytes = limits.map_bytes = most;
  ooxml::Findings findings;
  const auto package = ooxml::Package::open(file, limits, findings);
  if (!package) {
    if (findings.count(ooxml::Severity::refused) == 0) std::abort();
    return 0;
  }
  for (const auto& part : package->parts()) {
    if (package->part(part.name) != &part) std::abort();
    for (const auto& one : part.relations)
      if (!one.external && !one.target.starts_with('/')) std::abort();
  }
  ooxml::rewrite(package->archive(), {}, copy);
  compare(package->archive(), copy);
  return 0;
}
