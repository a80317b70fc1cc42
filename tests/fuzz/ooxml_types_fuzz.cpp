// Any bytes as the content types of a package, and as the name of a part.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "package_types.hpp"
#include "part_name.hpp"
#include "xml.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  if (ooxml::name_key(text).size() > text.size()) std::abort();
  if (ooxml::proper_name("/" + text) && text.find(' ') != std::string::npos) std::abort();
  ooxml::Findings findings;
  try {
    const auto source = ooxml::text_source(text);
    const auto types = ooxml::read_types(*source, findings);
    for (const auto& [name, type] : types.by_part)
      if (!name.starts_with('/') && findings.valid()) std::abort();
    types.of(text);
  } catch (const ooxml::Malformed& malformed) {
    if (malformed.code.empty()) std::abort();
  }
  return 0;
}
