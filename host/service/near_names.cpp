// "Did you mean …?": the names nearest to what somebody typed. It runs on the way to each 404, so it gives up early on
// names that cannot be near and on text too long to have been typed.
#include <algorithm>
#include <limits>

#include "service/text.hpp"

namespace berth::service {
namespace {

constexpr std::size_t far = std::numeric_limits<std::size_t>::max();
constexpr std::size_t longest_name = 128;

std::string folded(std::string_view text) {
  std::string low(text);
  for (char& c : low) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
  }
  return low;
}

// Damerau-Levenshtein in its common form (a swap of neighbours costs one); `far` as soon as it must exceed `limit`.
std::size_t distance(std::string_view a, std::string_view b, std::size_t limit) {
  if (std::max(a.size(), b.size()) - std::min(a.size(), b.size()) > limit) return far;
  std::vector<std::size_t> before, last(b.size() + 1), row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    std::size_t least = row[0];
    for (std::size_t j = 1; j <= b.size(); ++j) {
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) row[j] = std::min(row[j], before[j - 2] + 1);
      least = std::min(least, row[j]);
    }
    if (least > limit + 1) return far;  // one more: a swap looks back two rows
    before = last;
    last = row;
  }
  return last.back() <= limit ? last.back() : far;
}

// How far off a typing error may be: about one in three letters.
std::size_t tolerance(std::size_t length) { return std::clamp<std::size_t>(length / 3, 1, 4); }

// Lower is nearer; `far` is no match. A beginning counts as a slip of one and a half, a part of the middle as two and a
// half (in tenths, longer rests after it).
std::size_t rank(std::string_view text, std::string_view name) {
  std::size_t best = far;
  const std::size_t steps = distance(text, name, tolerance(text.size()));
  if (steps != far) best = steps * 10;
  if (text.size() >= 2 && name.substr(0, text.size()) == text) best = std::min<std::size_t>(best, 15);
  if (text.size() >= 3 && name.find(text) != std::string_view::npos) best = std::min<std::size_t>(best, 25);
  if (name.size() >= 3 && text.substr(0, name.size()) == name) best = std::min<std::size_t>(best, 35);
  return best;
}

struct Candidate {
  std::size_t rank, size;
  const std::string* name;
};

}  // namespace

std::vector<std::string> near_names(std::string_view text, const std::vector<std::string>& names, std::size_t count) {
  if (text.empty() || text.size() > longest_name) return {};
  const std::string typed = folded(text);
  std::vector<Candidate> found;
  for (const std::string& name : names) {
    if (name.size() > longest_name) continue;
    const std::size_t value = rank(typed, folded(name));
    if (value != far) found.push_back({value, name.size(), &name});
  }
  std::sort(found.begin(), found.end(), [](const Candidate& a, const Candidate& b) {
    if (a.rank != b.rank) return a.rank < b.rank;
    return a.size != b.size ? a.size < b.size : *a.name < *b.name;
  });
  std::vector<std::string> nearest;
  for (const Candidate& candidate : found) {
    if (nearest.size() == count) break;
    if (std::find(nearest.begin(), nearest.end(), *candidate.name) == nearest.end()) nearest.push_back(*candidate.name);
  }
  return nearest;
}

}  // namespace berth::service
