// What the operator may set about the edge; filled by the configuration.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace berth::edge {

struct TlsFiles {
  std::string cert, key;                 // PEM
  std::optional<std::string> client_ca;  // then clients must show a certificate signed by it
  bool operator==(const TlsFiles&) const = default;
};

struct Listen {
  std::string address;  // "127.0.0.1:8888", "[::1]:8888", "unix:/run/berth.sock"; port 0: any
  std::optional<TlsFiles> tls;
  std::string where = {};  // "berth.lua:3" or "--listen", for errors
};

struct Limits {
  std::uint64_t header = 32u << 10;  // bytes of request line and fields
  std::uint32_t fields = 100;
  std::uint32_t target = 8u << 10;
  std::uint64_t body = 10u << 20;  // JSON bodies
  std::uint64_t upload = 16ull << 30;
  std::uint64_t stream_buffer = 256u << 10;  // per call, before the plugin is told to wait
  std::uint64_t message = 1u << 20;          // one WebSocket message
  std::uint32_t connections = 4096;
  std::uint32_t calls = 2048;                     // in flight
  std::uint32_t threads = 64;                     // for blocking operations
  std::chrono::milliseconds header_time{10'000};  // from its first byte to the end of the header
  std::chrono::milliseconds idle_time{75'000};    // between two requests
  std::chrono::milliseconds handshake_time{10'000};
  std::chrono::milliseconds body_stall{10'000};   // no body may bring less than body_rate for this long
  std::uint64_t body_rate = 1024;                 // bytes per second
  std::chrono::milliseconds write_stall{60'000};  // a reader that takes nothing for this long is dropped
  std::chrono::milliseconds heartbeat{15'000};    // comment lines in quiet event streams, pings on sockets
  std::chrono::milliseconds resume_time{30'000};  // a resumable stream waits this long for its client
  std::chrono::milliseconds drain_time{30'000};   // after SIGTERM
  std::chrono::seconds idempotency_time{600};
  std::uint32_t idempotency_keys = 4096;
  std::chrono::seconds upload_time{86'400};  // an unfinished resumable upload is kept this long
};

struct Options {
  std::vector<Listen> listens;
  std::vector<std::string> hosts;    // names besides localhost and IP literals that may stand in Host
  std::vector<std::string> origins;  // CORS
  bool auth = true;                  // false only on loopback and Unix sockets
  Limits limits;
  std::string upload_directory;  // STATE/uploads
};

}  // namespace berth::edge
