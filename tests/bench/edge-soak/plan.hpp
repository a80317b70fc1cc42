// What one client of the soak is going to do: which questions it asks, and whether, when and how it hangs up before its
// answer. Everything comes from the seed, so that a run can be had again.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace berth::bench {

struct Question {
  enum class Kind { echo, get, later };
  Kind kind = Kind::echo;
  std::string id;            // goes as X-Request-Id and must come back
  std::string nonce;         // the text or name that must come back; of this question alone
  std::uint64_t number = 0;  // echo: must come back; later: milliseconds
  std::string bytes;         // the whole request
};

enum class Leave { never, in_request, after_sending, in_answer };
enum class Way { close, reset, half_close };  // FIN, RST by SO_LINGER 0, shutdown of the sending side and then FIN

struct Plan {
  std::vector<Question> questions;
  bool pipelined = false;      // all at once instead of one after the other
  Leave leave = Leave::never;  // what happens at the last question
  Way way = Way::close;
  std::size_t cut = 0;                 // bytes of the last request, or of the answer to it
  std::chrono::microseconds pause{0};  // before hanging up, or after the last answer, to see whether more comes
  unsigned source = 0;                 // the client's address is 127.0.0.1 + this
};

class Planner {
 public:
  // `host` stands in Host and `token` in Authorization; no token if it is empty.
  Planner(std::uint64_t seed, std::string host, const std::string& token);
  Plan next(std::uint64_t most_questions);
  std::uint64_t asked() const { return m_asked; }

 private:
  std::uint64_t below(std::uint64_t end) { return m_random() % end; }
  Question ask();
  void ask_echo(Question& question, const std::string& fields);
  void plan_leaving(Plan& plan);

  const std::uint64_t m_seed;
  const std::string m_fields;  // that every request has
  std::mt19937_64 m_random;
  std::uint64_t m_asked = 0;
};

}  // namespace berth::bench
