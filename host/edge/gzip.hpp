// gzip in one go, for answers that are large enough to gain by it.
#pragma once

#include <string>
#include <string_view>

namespace berth::edge {

std::string gzip(std::string_view bytes);

}  // namespace berth::edge
