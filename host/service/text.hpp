// Small things about text and bytes that several rooms need.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace berth::service {

std::optional<std::string> percent_decode(std::string_view text);  // nullopt: a broken escape
std::string percent_encode(std::string_view text);                 // all but the unreserved characters
std::string hex(std::string_view bytes);
std::string sha256(std::string_view bytes);        // 32 bytes, raw
std::string random_bytes(std::size_t count);       // from the system; throws if it has none
std::string random_token(std::size_t bytes = 32);  // base64url without padding
bool is_token(std::string_view text);              // as HTTP has it: a method, a field's name
std::string_view trimmed(std::string_view text);   // without spaces and tabs around it
bool valid_utf8(std::string_view text);
bool equal_fold(std::string_view a, std::string_view b);        // ASCII case folded
bool matches(std::string_view pattern, std::string_view text);  // '*' stands for any run of characters
std::string json_quote(std::string_view text);                  // with quotes; invalid UTF-8 becomes U+FFFD
void append_json(std::string& to, std::string_view text);       // the same, onto the end of a line
// The length of the UTF-8 character that `text` begins with; 0: it does not begin with one.
std::size_t utf8_length(std::string_view text);
// Up to `count` of `names` that someone who typed `text` may have meant, nearest first.
std::vector<std::string> near_names(std::string_view text, const std::vector<std::string>& names,
                                    std::size_t count = 3);
std::optional<std::uint64_t> parse_count(std::string_view text);                 // digits, and nothing else
std::optional<std::uint64_t> parse_bytes(std::string_view text);                 // "64KiB", "1 MiB", "10MB", "123"
std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);  // "250ms", "10s", "5 min", "2h", "1d"
std::string format_bytes(std::uint64_t bytes);                                   // "1.5 MiB"
std::string format_duration(std::chrono::milliseconds time);                     // "90 s", "250 ms"
std::string format_time(std::chrono::system_clock::time_point at);               // "2026-01-31T12:00:00.123Z"
std::optional<std::chrono::system_clock::time_point> parse_time(
    std::string_view text);  // the same; the fraction may lack

}  // namespace berth::service
