// The formats of JSON Schema that are checked. Others are a remark to the reader, as the standard has it.
#pragma once

#include <optional>
#include <string_view>

namespace berth::loader {

enum class Format { date, time, date_time, uuid };
std::optional<Format> parse_format(std::string_view name);
std::string_view in_words(Format format);  // "a date such as 2026-01-31"
bool fits_format(Format format, std::string_view text);

}  // namespace berth::loader
