// berth.metrics/1, on the plugin's side: changing a number is an atomic operation, and all that has changed since the
// loop came round last goes to the host at once.
#pragma once

#include <berth/service/metrics.h>

#include <cstdint>
#include <memory>

namespace berth::loader {

class Lent;

class MetricsLent {
 public:
  explicit MetricsLent(const Lent& lent);
  ~MetricsLent();

  std::uint32_t series(const berth_series* wanted);
  void add(std::uint32_t series, double by);
  void set(std::uint32_t series, double to);
  void observe(std::uint32_t series, double value);
  void end();  // what changes from now on is told nobody

 private:
  struct Body;
  void changed(std::uint32_t series);
  const Lent& m_lent;
  const std::shared_ptr<Body> m_body;
};

}  // namespace berth::loader
