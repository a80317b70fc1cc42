// `http` operations: a protocol of the plugin's own over HTTP, such as MCP. The plugin sees method, some fields and the
// body, and says status, fields and body; who may come in, how much, and how fast it leaves stays the edge's matter.
#pragma once

#include <deque>
#include <string>

#include "edge/body_exchange.hpp"

namespace berth::edge {

class HttpExchange : public BodyExchange {
 public:
  using BodyExchange::BodyExchange;
  void begin(loader::Head head) override;
  void chunk(loader::Chunk chunk) override;
  void finish(std::uint32_t code, std::string reason) override;
  void fail(service::Error error) override;
  void written(std::size_t count) override;
  void client_left() override;
  bool endless() const override;
  bool closing_now() override;

 protected:
  void run(std::string body) override;

 private:
  loader::RawRequest request(std::string body) const;
  Fields fields_of(const loader::Head& what) const;
  void open();
  void show();
  void give_back();
  void overflow();

  bool m_begun = false;
  loader::Head m_what;
  std::deque<std::string> m_pieces;
  std::size_t m_gathered = 0;
  std::size_t m_taken = 0;  // bytes of pieces that the call has not heard of yet
  bool m_chunked = false;
  bool m_finished = false;  // the plugin has said its last
};

}  // namespace berth::edge
