// A plugin's JSON for people, without the secrets that slipped into it.
#pragma once

#include <string>

#include "service/mask.hpp"

namespace berth::loader {

// In texts, names and numbers, however they are written; all else stays byte for byte, as does what is no JSON.
std::string hide_in_json(std::string json, const service::Mask& mask);

}  // namespace berth::loader
