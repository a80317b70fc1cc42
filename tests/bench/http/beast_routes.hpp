// What the bare Beast server answers: the routes of the probe plugin that the benches use, written by hand, so that the
// difference to Berth is the price of Berth and of nothing else.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

namespace berth::bench {

struct Answer {
  unsigned status = 200;
  std::string body;
  std::chrono::milliseconds later{0};  // to be given after this long
};

// GET /probe/get/{name}?count=&flag=&tags=, GET /probe/later?ms=, POST /probe/echo, GET /livez.
Answer answer_to(bool is_post, std::string_view target, const std::string& body);

// The first of them, in beast_get_json.cpp or in beast_get_text.cpp.
Answer get(std::string_view name, std::string_view query);

}  // namespace berth::bench
