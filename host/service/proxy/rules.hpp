// What holds for every connection of one proxy.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>

#include "service/proxy/address.hpp"
#include "service/proxy/allow_list.hpp"
#include "service/proxy/record.hpp"
#include "service/proxy/resolver.hpp"

namespace berth::service::proxy {

struct Limits {
  std::size_t connections = 128;                    // at once; whoever comes on top is told so
  std::size_t head = 32u << 10;                     // bytes, of a request or an answer
  std::chrono::milliseconds head_time{10'000};      // until a request's head is there
  std::chrono::milliseconds lookup_time{10'000};    // for its name
  std::chrono::milliseconds connect_time{5'000};    // for each of its addresses
  std::chrono::milliseconds answer_time{60'000};    // until a plain answer's head is there, once nothing more is sent
  std::chrono::milliseconds idle_time{300'000};     // nothing comes or goes
  std::chrono::milliseconds half_time{60'000};      // the same, once one side will send no more
  std::chrono::milliseconds farewell{2'000};        // for a client to take the last of its answer
  std::chrono::milliseconds whole_time{7'200'000};  // of a request, all in all
};

struct Rules {
  std::string label;  // whose proxy it is
  AllowList allow;
  Limits limits = {};
  // I/O thread, once for each request when it is over. It must not destroy the proxy.
  std::function<void(const Record&)> log;
  // Asked of the very address that is going to be connected to.
  std::function<std::string(const Address&, bool inside)> closed = why_closed;
};

}  // namespace berth::service::proxy
