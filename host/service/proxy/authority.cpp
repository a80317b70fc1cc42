// Names as DNS has them, addresses as inet_pton has them, and nothing between.
#include "service/proxy/authority.hpp"

#include <algorithm>
#include <charconv>

namespace berth::service::proxy {

namespace {

constexpr std::size_t longest_name = 253, longest_label = 63;

Error wrong_name(std::string_view text, const std::string& why,
                 std::string hint = "write NAME, NAME:PORT or [IPV6]:PORT") {
  return {400, "bad_host", "\"" + std::string(text.substr(0, 300)) + "\" is no host: " + why, std::move(hint)};
}

bool is_letter_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }
bool is_label(std::string_view label) {
  return !label.empty() && label.size() <= longest_label && label.front() != '-' && label.back() != '-' &&
         std::all_of(label.begin(), label.end(), [](char c) { return is_letter_or_digit(c) || c == '-' || c == '_'; });
}
bool is_number(std::string_view label) {
  if (label.starts_with("0x")) return label.find_first_not_of("0123456789abcdef", 2) == label.npos;
  return label.find_first_not_of("0123456789") == label.npos;
}

// What is wrong with a name; null: nothing.
const char* flaw_of_name(std::string_view name) {
  if (name.empty()) return "it is empty";
  if (name.size() > longest_name) return "it is longer than 253 characters";
  for (std::string_view rest = name;;) {
    const auto dot = rest.find('.');
    const auto label = rest.substr(0, dot);
    if (!is_label(label)) return "a part of it is not made of 1 to 63 letters, digits and hyphens";
    if (dot == rest.npos) return is_number(label) ? "a number at its end makes it half an address" : nullptr;
    rest.remove_prefix(dot + 1);
  }
}

std::string lower(std::string_view text) {
  std::string small(text);
  std::transform(small.begin(), small.end(), small.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return small;
}

std::optional<Address> address_of(const std::string& host, bool bracketed) {
  boost::system::error_code failed;
  if (host.find('%') != host.npos) return std::nullopt;
  const Address address = boost::asio::ip::make_address(host, failed);
  if (failed || address.is_v6() != bracketed) return std::nullopt;
  return address;
}

bool read_port(std::string_view text, std::optional<std::uint16_t>& port) {
  std::uint16_t number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failed != std::errc() || end != text.data() + text.size() || number == 0) return false;
  port = number;
  return true;
}

}  // namespace

std::string Authority::text() const {
  const bool six = address && address->is_v6();
  return (six ? "[" + host + "]" : host) + (port ? ":" + std::to_string(*port) : "");
}

Result<Authority> parse_authority(std::string_view text) {
  Authority made;
  const bool bracketed = text.starts_with('[');
  const auto end = bracketed ? text.find(']') : text.find(':');
  if (bracketed && end == text.npos) return wrong_name(text, "its bracket is not closed");
  made.host = lower(text.substr(bracketed, end - bracketed));
  const auto rest = end == text.npos ? std::string_view() : text.substr(end + bracketed);
  if (!rest.empty() && (rest[0] != ':' || !read_port(rest.substr(1), made.port)))
    return wrong_name(text, "what follows the name is no port",
                      "an IPv6 address stands in brackets: [2001:db8::1]:443");
  if (std::any_of(made.host.begin(), made.host.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; }))
    return wrong_name(text, "it has letters beyond ASCII", "write it as DNS has it, in punycode: xn--…");
  made.address = address_of(made.host, bracketed);
  if (made.address) {
    made.host = made.address->to_string();
    return made;
  }
  if (bracketed) return wrong_name(text, "what stands in brackets is no IPv6 address");
  if (made.host.ends_with('.')) made.host.pop_back();
  if (const char* flaw = flaw_of_name(made.host)) return wrong_name(text, flaw);
  return made;
}

}  // namespace berth::service::proxy
