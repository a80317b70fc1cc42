// What has run in a session's kernels, within bounds: for who looks back, and for a notebook that gets there again.
// Which of it a kernel's variables have come of is its line: a restore goes back in it.
#pragma once

#include <berth/call.hpp>

#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "record.hpp"

namespace kernel {

struct Past {  // a cell that has ended
  std::uint64_t number = 0;
  std::string kernel, id, code, checkpoint, status;
  std::int64_t count = 0;
  double ms = 0;
  std::chrono::system_clock::time_point began;
  std::string outputs, error;    // JSON, so that what they take is known; empty: none, or gone
  std::size_t output_bytes = 0;  // that it put out
  bool cut = false;              // of its outputs some are missing

  std::size_t weight() const { return 500 + code.size() + id.size() + outputs.size() + error.size(); }
};

class History {
 public:
  // Numbers of cells, the oldest first; of a long one the first are forgotten.
  class Line {
   public:
    void add(std::uint64_t number);
    const std::vector<std::uint64_t>& cells() const { return m_cells; }
    std::size_t forgotten() const { return m_forgotten; }

   private:
    std::vector<std::uint64_t> m_cells;
    std::size_t m_forgotten = 0;
  };
  struct Engine {  // as a notebook names it
    std::string name = "python3", title = "Python 3", language = "python", version = "3";
  };
  static constexpr std::size_t most_cells = 10'000, most_bytes = 8u << 20;
  static constexpr std::size_t most_text = 64u << 10, most_shown = 2u << 20;  // of a cell

  // A cell that runs: it hears what that puts out.
  class Recording {
   public:
    Recording(const Ask& ask, std::string checkpoint);
    void told(const Told& told) { m_record.told(told); }
    Past end(const Ending& ending) const;

   private:
    const std::string m_checkpoint;
    const std::chrono::system_clock::time_point m_began = std::chrono::system_clock::now();
    Record m_record;
  };

  std::uint64_t add(Past past);
  // The newest, of one kernel or, without its name, of all.
  berth::Json list(const std::string& kernel, std::size_t most, bool outputs) const;
  // The cells of that line as a notebook of format 4.5.
  berth::Json notebook(const Line& line, const Engine& engine) const;

 private:
  const Past* find(std::uint64_t number) const;
  void make_room();

  std::deque<Past> m_all;
  std::size_t m_bytes = 0;
  std::uint64_t m_last = 0, m_forgotten = 0;
};

}  // namespace kernel
