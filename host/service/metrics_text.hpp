// Prometheus' text format, piece by piece.
#pragma once

#include <string>
#include <string_view>

#include "service/metrics.hpp"

namespace berth::service {

bool is_metric_name(std::string_view text, bool colon);
bool is_label_name(std::string_view text);
// a="b",c="d"; throws std::logic_error for a name that is none.
std::string label_text(const Labels& labels);
// The shortest digits that mean the value, without an exponent: as Prometheus itself writes bounds.
std::string number_text(double value);
void append_heading(std::string& to, std::string_view name, std::string_view help, std::string_view type);
void append_sample(std::string& to, std::string_view name, std::string_view suffix, std::string_view labels,
                   const std::string& value);
// `bucket(i)` for each bound and one more.
template <class Bounds, class Bucket>
void append_histogram(std::string& to, std::string_view name, const std::string& labels, const Bounds& bounds,
                      const Bucket& bucket, double sum) {
  const std::string before = labels.empty() ? "" : labels + ',';
  std::uint64_t count = 0;
  for (std::size_t i = 0; i <= bounds.size(); ++i) {
    count += bucket(i);
    append_sample(to, name, "_bucket", before + "le=\"" + (i < bounds.size() ? number_text(bounds[i]) : "+Inf") + "\"",
                  std::to_string(count));
  }
  append_sample(to, name, "_sum", labels, number_text(sum));
  append_sample(to, name, "_count", labels, std::to_string(count));
}

}  // namespace berth::service
