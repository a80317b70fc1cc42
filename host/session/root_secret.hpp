// The secret of the root token, which its owner must be able to read, and may choose.
#pragma once

#include <string>

#include "service/error.hpp"

namespace berth::session {

// What the file holds; empty: it is not there yet; or why it will not do.
service::Result<std::string> read_secret(const std::string& path);

}  // namespace berth::session
