// The two functions of a pair stand beside each other.
#include "loader/services/metric_notes.hpp"

#include <algorithm>
#include <bit>

#include "loader/process/frame.hpp"
#include "loader/services/bounds.hpp"

namespace berth::loader {

using service::PluginSeries;

std::string pack_metrics(const ChangedSeries& changed) {
  Packer to;
  for (const auto& [number, one] : changed) {
    to.number(number).number(static_cast<std::uint64_t>(one.kind)).text(one.name).text(one.help);
    to.number(one.labels.size());
    for (const auto& [name, value] : one.labels) to.text(name).text(value);
    to.number(one.bounds.size());
    for (const double bound : one.bounds) to.number(std::bit_cast<std::uint64_t>(bound));
    for (const auto count : one.buckets) to.number(count);
    to.number(std::bit_cast<std::uint64_t>(one.value));
  }
  return to.done();
}

ChangedSeries unpack_metrics(std::string_view packed) {
  ChangedSeries changed;
  Unpacker from(packed);
  const auto real = [&] { return std::bit_cast<double>(from.number()); };
  while (from.good() && !from.done() && changed.size() < most_series) {
    const auto number = from.number(), kind = from.number();
    PluginSeries one;
    one.name = from.text();
    one.help = from.text();
    const auto labels = from.number();
    if (labels > most_labels || kind > 2) return changed;
    for (std::uint64_t i = 0; i < labels; ++i) {
      auto name = from.text();
      one.labels.emplace_back(std::move(name), from.text());
    }
    const auto bounds = from.number();
    if (bounds > most_bounds) return changed;
    std::sort(one.labels.begin(), one.labels.end());
    one.kind = static_cast<PluginSeries::Kind>(kind);
    for (std::uint64_t i = 0; i < bounds; ++i) one.bounds.push_back(real());
    const bool histogram = one.kind == PluginSeries::Kind::histogram;
    for (std::uint64_t i = 0; histogram && i <= bounds; ++i) one.buckets.push_back(from.number());
    one.value = real();
    if (from.good() && number >= 1 && number <= most_series && is_good(one))
      changed.emplace_back(static_cast<std::uint32_t>(number), std::move(one));
  }
  return changed;
}

}  // namespace berth::loader
