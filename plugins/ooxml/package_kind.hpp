// What the content type of the main part says of the whole file.
#pragma once

#include <string_view>

#include "package.hpp"

namespace ooxml {

struct MainKind {
  Kind kind = Kind::unknown;
  bool macros = false, is_template = false;
  bool binary = false;  // .xlsb
};

MainKind main_kind(std::string_view content_type);
// A part that is there for nothing but macros.
bool is_macro_part(std::string_view content_type);

}  // namespace ooxml
