// Any bytes as the relationships of a part, and as a target in it: no target leads out of the package.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "package_relations.hpp"
#include "part_name.hpp"
#include "xml.hpp"

namespace {

void check_target(const std::string& target) {
  if (!target.starts_with('/')) std::abort();
  if ((target + "/").find("/../") != std::string::npos || (target + "/").find("/./") != std::string::npos) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  check_target(ooxml::resolve_target("/word/document.xml", text));
  const std::string name = ooxml::relations_name("/" + text);
  if (ooxml::related_part(name) != "/" + text) std::abort();
  ooxml::relation_word(text);
  ooxml::Findings findings;
  try {
    const auto source = ooxml::text_source(text);
    for (const auto& one : ooxml::read_relations(*source, "/word/document.xml", "/rels", 100, findings))
      if (!one.external) check_target(one.target);
  } catch (const ooxml::Malformed& malformed) {
    if (malformed.code.empty()) std::abort();
  } catch (const ooxml::Spoiled& spoiled) {
    if (spoiled.code != "limit-exceeded") std::abort();
  }
  return 0;
}
