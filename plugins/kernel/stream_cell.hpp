// A cell that is told while it runs, as server-sent events.
#pragma once

#include <berth/output.hpp>

#include <deque>
#include <string_view>
#include <utility>

#include "cell.hpp"

namespace kernel {

class StreamCell : public Cell {
 public:
  static constexpr std::size_t most_pending = 16u << 20;  // bytes, once nothing holds the worker back any more

  StreamCell(const CellTools& tools, Ask ask, const std::shared_ptr<Kernel>& kernel, berth::Call call);
  void begun() override;
  void ended(const Ending& ending) override;
  void refused(const berth::Error& why) override { m_call.fail(why); }
  void drained();

 private:
  void heard(const Told& told) override;
  berth::Ask as_caller(berth::Ask ask) const override { return ask.as(m_call); }
  void push(berth::Json data, const char* event, std::size_t bytes = 0);
  void flush();
  void text(bool out, std::string_view bytes);
  void event(const berth::Json& event, std::size_t bytes);

  struct Pending {
    berth::Json data;
    const char* event;
    std::size_t bytes;
  };
  const berth::Call m_call;
  berth::Whole m_out, m_err;
  std::deque<Pending> m_pending;
  std::size_t m_pending_bytes = 0;
  bool m_full = false, m_left_out = false, m_over = false;
};

}  // namespace kernel
