// What is kept of each request: who, where to, with which verdict, how much, how long.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "service/log.hpp"

namespace berth::service::proxy {

struct Record {
  std::string label;         // whose proxy it was
  std::string method, host;  // empty: what came was no request
  std::uint16_t port = 0;
  std::string address;         // it was connected to, or would have been
  std::string verdict = "ok";  // or the code of the error that it ended with
  std::string reason;          // in words, if it is not "ok"
  int status = 0;              // that the client was answered; 0: none
  std::uint64_t sent = 0;      // bytes of the client, after the head of its request
  std::uint64_t received = 0;  // bytes of the server
  std::chrono::milliseconds took{0};
};

void write(Log& log, const Record& record);  // one line: a warning if it was refused

}  // namespace berth::service::proxy
