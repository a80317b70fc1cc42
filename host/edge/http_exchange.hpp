// `http` operations: a protocol of the plugin's own over HTTP, such as MCP. The plugin sees method, some fields and the
// body, and says status, fields and body; who may come in, how much, and how fast it leaves stays the edge's matter.
#pragma once

#include <deque>
#include <string>

#include "edge/exchange.hpp"

namespace berth::edge {

class HttpExchange : public Exchange {
 public:
  using Exchange::Exchange;
  void start() override;
  void body(std::string piece, bool last) override;
  void begin(loader::Head head) override;
  void chunk(loader::Chunk chunk) override;
  void finish(std::uint32_t code, std::string reason) override;
  void fail(service::Error error) override;
  void written(std::size_t count) override;
  void client_left() override;
  bool endless() const override;
  bool closing_now() override;

 private:
  std::uint64_t most() const;
  service::Error too_large() const;
  loader::RawRequest request();
  void run();
  Fields fields_of(const loader::Head& what) const;
  void open();
  void show();

  std::string m_body;
  bool m_begun = false;
  loader::Head m_what;
  std::deque<std::string> m_pieces;
  bool m_chunked = false;
  bool m_finished = false;  // the plugin has said its last
};

}  // namespace berth::edge
