// Reads HTTP answers from whatever bytes came, and judges whether an answer belongs to its question.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "plan.hpp"

namespace berth::bench {

struct Answer {
  int status = 0;
  std::string_view request_id, body;  // into the bytes it was read from
  std::size_t size = 0;               // of the whole answer
};

enum class Reading { more, whole, garbage };
Reading read_answer(std::string_view bytes, Answer& answer);

enum class Verdict {
  right,
  wrong,
  unexpected
};  // wrong: another client's, or nobody's; unexpected: a refusal of our own question
Verdict judge(const Question& question, const Answer& answer);

}  // namespace berth::bench
