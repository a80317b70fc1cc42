// What has been counted so far, with the first examples of what should not be.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace berth::bench {

class Tally {
 public:
  std::uint64_t connections = 0, hung_up_connections = 0;
  std::uint64_t checked = 0;     // answers that were right
  std::uint64_t hung_up = 0;     // requests, whole or in part, whose client left before the answer
  std::uint64_t wrong = 0;       // answers that were another's, or that nobody had asked for
  std::uint64_t lost = 0;        // requests of a client that waited, without an answer
  std::uint64_t unexpected = 0;  // right client, but not a 200
  std::vector<std::string> examples;

  void add_wrong(std::string what) { note(wrong, "wrong: " + std::move(what)); }
  void add_lost(std::uint64_t how_many, std::string what);
  void add_unexpected(std::string what) { note(unexpected, "unexpected: " + std::move(what)); }
  bool clean() const { return wrong == 0 && lost == 0 && unexpected == 0; }

 private:
  void note(std::uint64_t& count, std::string what);
};

}  // namespace berth::bench
