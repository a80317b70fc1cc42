// Hides secrets in texts for people: whoever has one may put it into a line of the log, or into what went wrong, by
// mistake.
#pragma once

#include <string>

#include "service/secret.hpp"

namespace berth::service {

// "[secret NAME]" in the place of each, and of each line of one that has several, as it is or as JSON writes it; none
// that is so short that it may stand anywhere.
std::string masked(std::string text, const SecretSet& secrets);

}  // namespace berth::service
