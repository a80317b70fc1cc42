// Keeps the examples few and short: a server that fails once may fail a million times.
#include "tally.hpp"

#include <utility>

namespace berth::bench {

namespace {

constexpr std::size_t most_examples = 10;
constexpr std::size_t longest_example = 600;

}  // namespace

void Tally::add_lost(std::uint64_t how_many, std::string what) {
  if (how_many == 0) return;
  note(lost, "lost: " + std::move(what));
  lost += how_many - 1;
}

void Tally::note(std::uint64_t& count, std::string what) {
  ++count;
  if (examples.size() >= most_examples) return;
  if (what.size() > longest_example) what.replace(longest_example, std::string::npos, "…");
  examples.push_back(std::move(what));
}

}  // namespace berth::bench
