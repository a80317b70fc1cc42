// Which part of a list comes, by the input's `skip` and `limit`, and what the answer says of the rest.
#pragma once

#include <berth/schema.hpp>

#include <algorithm>
#include <cstddef>

namespace machine {

struct Page {
  Page(const berth::Json& input, std::size_t of, std::size_t usual)
      : total(of),
        begin(std::min(of, input.value("skip", std::size_t{0}))),
        end(begin + std::min(of - begin, input.value("limit", usual))) {}
  // With an empty list of that name. `cut`: there are more than were looked at.
  berth::Json answer(const char* list, bool cut = false) const {
    berth::Json answer{{list, berth::Json::array()}, {"total", total}, {"truncated", cut || end < total}};
    if (end < total) answer["next"] = end;
    return answer;
  }
  const std::size_t total, begin, end;
};

}  // namespace machine
