// What has come of one cell, as its answer tells it, within bounds.
#pragma once

#include <berth/call.hpp>
#include <berth/output.hpp>
#include <berth/spill.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "task.hpp"

namespace kernel {

struct Ask {  // a cell
  std::string id, kernel, session, code;
  std::chrono::milliseconds timeout{30'000};
  bool store_history = true, stop_on_error = true, wait = false, allow_stdin = false;
  bool silent = false;
  berth::Json user_expressions = {};
  std::size_t most_output = 1u << 20;        // bytes of each stream
  std::shared_ptr<berth::Json> beside = {};  // what its answer has, too, once it is known

  berth::Json request() const;
};

class Record {
 public:
  static constexpr std::size_t most_outputs = 500, most_shown = 16u << 20;

  Record(const Ask& ask, berth::Spiller* spiller, std::size_t most = most_shown);
  void told(const Told& told);
  const Ask& ask() const { return m_ask; }
  std::size_t bytes() const { return m_bytes + m_stream_bytes; }  // that are shown
  bool spilled() const { return (m_out_spill && m_out_spill->used()) || (m_err_spill && m_err_spill->used()); }
  // The whole answer; if it has spilled, after Spiller::after().
  berth::Json answer(const Ending& ending) const;

 private:
  void stream(const char* name, const std::string& text);
  void show(const char* type, const berth::Json& event, std::size_t bytes);
  void update(const berth::Json& event, std::size_t bytes);
  void clear(bool later);
  bool fits(std::size_t bytes);
  void put(berth::Json output, std::size_t bytes);
  std::string text_of(const berth::Kept& kept, const std::shared_ptr<berth::Spill>& spill) const;

  const Ask m_ask;
  const std::size_t m_most_shown;
  std::shared_ptr<berth::Spill> m_out_spill, m_err_spill;
  berth::Kept m_out, m_err;
  berth::Json m_outputs = berth::Json::array(), m_result;
  std::vector<std::size_t> m_sizes;             // of each output that is no stream
  std::size_t m_bytes = 0, m_stream_bytes = 0;  // of those; of the streams
  bool m_truncated = false, m_clear_next = false;
};

// How a cell ended: all but what it put out. Streams tell this alone.
berth::Json ending_of(const Ask& ask, const Ending& ending);

}  // namespace kernel
