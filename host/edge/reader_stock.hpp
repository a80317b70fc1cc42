// Readers for those connections that have a request at hand. A connection that waits for its next one has none: of a
// thousand connections few are asked something at the same moment, and what the last one used is still in the
// processor's cache.
#pragma once

#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

#include "edge/request_reader.hpp"

namespace berth::edge {

class ReaderStock {
 public:
  struct GiveBack {
    ReaderStock* stock = nullptr;
    void operator()(RequestReader* reader) const { stock->put(std::unique_ptr<RequestReader>(reader)); }
  };
  using Lent = std::unique_ptr<RequestReader, GiveBack>;  // the stock outlives it

  Lent lend(const HeadLimits& limits) {
    if (m_idle.empty()) return Lent(new RequestReader(limits), {this});
    auto reader = std::move(m_idle.back());
    m_idle.pop_back();
    reader->next(limits);
    return Lent(reader.release(), {this});
  }
  std::size_t idle() const { return m_idle.size(); }

 private:
  static constexpr std::size_t most_idle = 64;

  void put(std::unique_ptr<RequestReader> reader) {
    if (m_idle.size() < most_idle) m_idle.push_back(std::move(reader));
  }

  std::vector<std::unique_ptr<RequestReader>> m_idle;
};

}  // namespace berth::edge
