// berth.jobs/1, on the plugin's side: which jobs go on, and whom to tell when one is cancelled.
#pragma once

#include <berth/service/jobs.h>

#include <cstdint>
#include <map>
#include <mutex>

#include "loader/services/note.hpp"

namespace berth::loader {

class Lent;

class JobsLent {
 public:
  explicit JobsLent(const Lent& lent) : m_lent(lent) {}

  using Cancelled = void (*)(void* with, std::uint64_t job);
  std::uint64_t begin(berth_call call, Cancelled cancelled, void* with);
  berth_flow report(std::uint64_t job, std::int32_t percent, berth_text text);
  berth_flow done(std::uint64_t job, berth_text json);
  berth_flow failed(std::uint64_t job, const berth_failure* why);
  bool running(std::uint64_t job) const;
  void hear(const Note& note);  // I/O thread

 private:
  struct Running {
    Cancelled cancelled = nullptr;
    void* with = nullptr;
  };
  bool end(std::uint64_t job);

  const Lent& m_lent;
  mutable std::mutex m_mutex;  // guards what follows
  std::map<std::uint64_t, Running> m_jobs;
  std::uint64_t m_last = 0;
};

}  // namespace berth::loader
