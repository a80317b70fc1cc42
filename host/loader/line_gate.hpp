// How much of the log one plugin may have: the log is everybody's. What it says beyond that is left out and counted: in
// its own process, so that a flood costs nobody but itself, and again in the host's, which need not believe it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>

#include "loader/services/budget.hpp"
#include "service/log.hpp"

namespace berth::loader {

class LineGate {
 public:
  // `times`: as much as usual.
  LineGate(service::Log& log, std::string plugin, std::uint64_t times = 1);
  ~LineGate() { tell(); }
  LineGate(const LineGate&) = delete;

  bool lets(std::size_t bytes);  // one more line; any thread
  void look();                   // says how many were left out, if some were and it is time; any thread
  void tell();                   // the same, time or not

 private:
  void say(std::uint64_t left_out) const;
  std::uint64_t due(Budget::Moment now);

  service::Log& m_log;
  const std::string m_plugin;
  std::mutex m_mutex;  // guards what follows
  Budget m_lines, m_bytes, m_told;
  std::uint64_t m_left_out = 0;
};

}  // namespace berth::loader
