// Instances are counted in the plugin's own folder. Where that cannot be, an instance has the time for a number.
#include "ids.hpp"

#include <charconv>
#include <chrono>
#include <optional>

namespace shell {

namespace {

constexpr const char* counted_in = "instances";
constexpr std::uint64_t most_instances = 1'000'000'000'000'000;  // a number of 15 digits, as the ids' pattern has it

std::optional<std::uint64_t> number_of(const std::string& text) {
  std::uint64_t number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failed != std::errc() || end != text.data() + text.size() || number >= most_instances - 1) return std::nullopt;
  return number;
}

// In microseconds, so that two starts within a second differ; of so many digits as there are.
std::uint64_t time_as_number() {
  const auto since = std::chrono::system_clock::now().time_since_epoch();
  const auto micros = std::chrono::duration_cast<std::chrono::microseconds>(since).count();
  return static_cast<std::uint64_t>(micros) % (most_instances - 1);
}

std::uint64_t count_instance(const berth::Files& files) {
  try {
    const auto before = files.read_if_there(counted_in, 32);
    const std::uint64_t mine = before ? number_of(*before).value_or(time_as_number()) + 1 : 1;
    files.write(counted_in, std::to_string(mine));
    return mine;
  } catch (const berth::Error&) {
    return time_as_number();
  }
}

}  // namespace

Ids::Ids(const berth::Files& files) {
  const auto instance = count_instance(files);
  m_begin = instance == 1 ? "p" : "p" + std::to_string(instance) + "-";
}

std::string Ids::next() { return m_begin + std::to_string(++m_last); }

}  // namespace shell
