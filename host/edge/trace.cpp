// Ids need to be unique, not secret, and are made for every request: a seeded generator per thread is enough and costs
// nothing.
#include "edge/trace.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <random>

#include "service/text.hpp"

namespace berth::edge {

namespace {

std::uint64_t random_number() {
  thread_local std::mt19937_64 generator = [] {
    const std::string seed = service::random_bytes(8);
    std::uint64_t number = 0;
    std::memcpy(&number, seed.data(), sizeof number);
    return std::mt19937_64(number);
  }();
  return generator();
}

// The eight digits of a number, each in its byte, whatever their order.
std::uint64_t hex_digits(std::uint64_t number) {
  constexpr std::uint64_t ones = 0x0101010101010101u;
  number = (number | number << 16) & 0x0000ffff0000ffff;
  number = (number | number << 8) & 0x00ff00ff00ff00ff;
  number = (number | number << 4) & 0x0f * ones;
  const std::uint64_t letters = (number + 0x06 * ones) >> 4 & ones;  // of those above 9
  return number + '0' * ones + letters * ('a' - '0' - 10);
}

void append_random_hex(std::string& to, int words) {
  for (int i = 0; i < words; ++i) {
    const std::uint64_t number = random_number();
    const std::array<std::uint64_t, 2> text = {hex_digits(number & 0xffffffff), hex_digits(number >> 32)};
    to.append(reinterpret_cast<const char*>(text.data()), sizeof text);
  }
}

bool lower_hex(std::string_view text) { return text.find_first_not_of("0123456789abcdef") == std::string_view::npos; }
bool zeros(std::string_view text) { return text.find_first_not_of('0') == std::string_view::npos; }

// version "-" trace id "-" parent id "-" flags
bool well_formed(std::string_view text) {
  if (text.size() < 55 || text[2] != '-' || text[35] != '-' || text[52] != '-') return false;
  if (text.starts_with("ff") || (text.starts_with("00") && text.size() != 55)) return false;
  if (text.size() > 55 && text[55] != '-') return false;
  return lower_hex(text.substr(0, 2)) && lower_hex(text.substr(3, 32)) && lower_hex(text.substr(36, 16)) &&
         lower_hex(text.substr(53, 2)) && !zeros(text.substr(3, 32)) && !zeros(text.substr(36, 16));
}

}  // namespace

std::string request_id_of(std::string_view given) {
  const bool good =
      !given.empty() && given.size() <= 128 && std::all_of(given.begin(), given.end(), [](unsigned char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
               c == '-';
      });
  if (good) return std::string(given);
  std::string id(12, ' ');  // 60 random bits in a string that needs no memory of its own
  std::uint64_t number = random_number();
  for (char& c : id) {
    c = "abcdefghijkmnpqrstuvwxyz23456789"[number & 31];
    number >>= 5;
  }
  return id;
}

std::string traceparent_of(std::string_view given) {
  const bool good = well_formed(given);
  std::string parent = "00-";
  parent.reserve(55);
  if (good)
    parent += given.substr(3, 32);
  else
    append_random_hex(parent, 2);
  parent += '-';
  append_random_hex(parent, 1);
  parent += '-';
  parent += good ? given.substr(53, 2) : "00";
  return parent;
}

}  // namespace berth::edge
