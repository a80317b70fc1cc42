// Texts of kinds that have a form of their own: hexadecimal digits, dates, references to cells, …
#pragma once

#include <string_view>

namespace ooxml {

std::string_view trimmed(std::string_view text);
bool is_boolean(std::string_view text);
bool is_hex(std::string_view text);
bool is_base64(std::string_view text);
bool is_datetime(std::string_view text);
bool is_guid(std::string_view text);
bool is_uri(std::string_view text);
bool is_language(std::string_view text);
bool is_ncname(std::string_view text);
bool is_universal(std::string_view text);  // "12.5mm"
bool is_percent(std::string_view text);    // "-12.5%"
bool is_cell(std::string_view text);       // "$A$1"
bool is_range(std::string_view text);      // "A1:B2", "A:B", "1:2"
bool is_ranges(std::string_view text);

}  // namespace ooxml
