// What a manifest may say of /status: the host asks for it on everybody's behalf, so it is one call, and each field
// one.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "loader/manifest.hpp"

namespace berth::loader {
namespace {

using nlohmann::json;

json operation(const std::string& name, const std::vector<std::string>& in_status) {
  return {{"name", "clock." + name},       {"summary", "The time"}, {"method", "GET"},
          {"path", "/clock/" + name},      {"kind", "call"},        {"scope", "read"},
          {"input", {{"type", "object"}}}, {"in_status", in_status}};
}

std::string misfit_of(const std::vector<json>& operations) {
  const json manifest{{"berth", {{"abi", "1.0"}}},
                      {"name", "clock"},
                      {"version", "1"},
                      {"summary", "What time is it?"},
                      {"operations", operations}};
  const auto read = Manifest::parse(manifest.dump());
  return read ? "accepted" : read.error().message;
}

TEST(ManifestStatus, OneOperationHasAPart) {
  EXPECT_EQ(misfit_of({operation("now", {"time", "zone"}), operation("then", {})}), "accepted");
  EXPECT_EQ(misfit_of({operation("now", {"time"}), operation("then", {"past"})}),
            "operations[1].in_status: there is another operation that has a part in /status; one of a plugin may");
}

TEST(ManifestStatus, AFieldStandsThereOnce) {
  EXPECT_EQ(misfit_of({operation("now", {"time", "time"})}), "operations[0].in_status: names a field twice");
}

}  // namespace
}  // namespace berth::loader
