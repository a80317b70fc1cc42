// `download` operations: a file, of which ranges can be had, or bytes that the provider makes as they go.
#pragma once

#include <sys/stat.h>

#include <cstdint>
#include <deque>
#include <functional>
#include <string>
#include <string_view>

#include "edge/json_exchange.hpp"

namespace berth::edge {

class DownloadExchange : public JsonExchange {
 public:
  using JsonExchange::JsonExchange;
  void file(service::UniqueFd fd, loader::Head head) override;
  void begin(loader::Head head) override;
  void chunk(loader::Chunk chunk) override;
  void finish(std::uint32_t code, std::string reason) override;
  void fail(service::Error error) override;
  void written(std::size_t count) override;
  void client_left() override;

 protected:
  void run(std::string body) override;

 private:
  std::string tag_of(const loader::Head& what) const;
  Fields about(const loader::Head& what) const;
  void show_file(const loader::Head& what, std::uint64_t size, std::string_view range);
  void pack_file(Fields fields);
  void pack(Fields fields, std::function<std::string()> make);
  void send_packed(Fields fields, std::string packed);
  void open_head(int status, const Fields& fields);
  void open_pieces();
  void all_at_once();
  void show_pieces();
  void read_on();
  void block_read(std::string block);

  // A file
  service::UniqueFd m_file;
  struct stat m_about {};  // when it began
  std::uint64_t m_at = 0, m_end = 0;
  bool m_reading = false;
  int m_status = 0;       // of the head that was sent
  bool m_packed = false;  // what is sent is gzip
  // Pieces
  loader::Head m_what;
  std::deque<std::string> m_pieces;
  bool m_chunked = false;
  bool m_starting = false;  // the provider has not returned yet: it may give all of it at once
  bool m_finished = false;
};

}  // namespace berth::edge
