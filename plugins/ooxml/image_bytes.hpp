// What an image is by its first bytes, whatever its name and its content type say.
#pragma once

#include <cstddef>
#include <string_view>

namespace ooxml {

constexpr std::size_t image_head = 64;  // so many bytes are enough

// "png", "jpeg", "gif", "bmp", "tiff", "emf", "wmf", "svg", "ico", "webp", …; empty: none that Office knows. Of a text,
// it may be that more blanks and comments than fit stand before what matters: "xml" then.
std::string_view image_kind(std::string_view head);

// The same of a content type; empty: it says nothing of an image that is known.
std::string_view image_kind_of_type(std::string_view content_type);

}  // namespace ooxml
