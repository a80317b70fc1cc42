// A schema and a value in words, for people who have to mend their input.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

namespace berth::loader {

struct SchemaPlan;

std::string expected_in_words(const SchemaPlan& plan, const nlohmann::json& node);  // "an integer from 1 to 10"
std::string got_in_words(const nlohmann::json& value);  // "the string \"x\"", "an array of 3 items"
std::string in_quotes(std::string_view text);           // cut where it is long

}  // namespace berth::loader
