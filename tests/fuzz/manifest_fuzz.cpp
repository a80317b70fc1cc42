// Any bytes as a manifest; and of a manifest that is good, its schemas against its own text as the value.
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string_view>

#include "loader/manifest.hpp"
#include "loader/schema/schema.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace berth::loader;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto manifest = Manifest::parse(text);
  if (!manifest) {
    if (manifest.error().message.empty()) std::abort();
    return 0;
  }
  const auto value = nlohmann::json::parse(text);
  for (const auto& operation : manifest->operations) {
    const auto schema = Schema::compile(operation.input);
    if (!schema) std::abort();  // it was compiled before
    for (const auto& misfit : schema->check(value)) {
      if (misfit.expected.empty() || misfit.got.empty()) std::abort();
    }
    if (!value["operations"].empty()) schema->check(value["operations"][0]);
  }
  return 0;
}
