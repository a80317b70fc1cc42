// Myers' greedy algorithm over lines, between what both have at their begin and end. Texts that differ in more than a
// thousand lines there are shown as one replaced by the other: that is true, and it is quick.
#include "diff.hpp"

#include <algorithm>
#include <vector>

namespace workspace {

namespace {

using Lines = std::vector<std::string_view>;

struct Change {  // lines [from, to) of the old become [new_from, new_to) of the new
  std::size_t from, to, new_from, new_to;
};

Lines lines_of(std::string_view text) {
  Lines lines;
  while (!text.empty()) {
    const auto end = text.find('\n');
    const std::size_t size = end == std::string_view::npos ? text.size() : end + 1;
    lines.push_back(text.substr(0, size));
    text.remove_prefix(size);
  }
  return lines;
}

// What follows at once is one change: first all that goes, then all that comes.
std::vector<Change> joined(const std::vector<Change>& steps) {
  std::vector<Change> all;
  for (const Change& one : steps) {
    if (!all.empty() && all.back().to == one.from && all.back().new_to == one.new_from) {
      all.back().to = one.to;
      all.back().new_to = one.new_to;
    } else {
      all.push_back(one);
    }
  }
  return all;
}

class Myers {
 public:
  Myers(const Lines& before, const Lines& after, std::size_t first, std::size_t last_before, std::size_t last_after)
      : m_before(before),
        m_after(after),
        m_first(first),
        m_n(static_cast<long>(last_before - first)),
        m_m(static_cast<long>(last_after - first)) {}

  std::vector<Change> changes() {
    std::vector<long> furthest(2 * most + 3, 0);
    for (long d = 0; d <= most; ++d) {
      m_trace.emplace_back(furthest.begin() + most + 1 - d - 1, furthest.begin() + most + 1 + d + 2);
      for (long k = -d; k <= d; k += 2) {
        long* const at = furthest.data() + most + 1 + k;
        long x = k == -d || (k != d && at[-1] < at[1]) ? at[1] : at[-1] + 1;
        while (x < m_n && x - k < m_m && same(x, x - k)) ++x;
        *at = x;
        if (x >= m_n && x - k >= m_m) return walk_back(d);
      }
    }
    return {{m_first, m_first + static_cast<std::size_t>(m_n), m_first, m_first + static_cast<std::size_t>(m_m)}};
  }

 private:
  static constexpr long most = 1000;
  bool same(long x, long y) const {
    return m_before[m_first + static_cast<std::size_t>(x)] == m_after[m_first + static_cast<std::size_t>(y)];
  }
  std::vector<Change> walk_back(long d) const {
    std::vector<Change> all;
    long x = m_n, y = m_m;
    for (; d > 0; --d) {
      const auto& row = m_trace[static_cast<std::size_t>(d)];  // what was reached before step d, diagonals -d-1 … d+1
      const auto at = [&](long k) { return row[static_cast<std::size_t>(k + d + 1)]; };
      const long k = x - y;
      const bool down = k == -d || (k != d && at(k - 1) < at(k + 1));
      const long before_k = down ? k + 1 : k - 1;
      const long before_x = at(before_k), before_y = before_x - before_k;
      const auto from = m_first + static_cast<std::size_t>(before_x), to = m_first + static_cast<std::size_t>(before_y);
      all.push_back({from, from + (down ? 0 : 1), to, to + (down ? 1 : 0)});
      x = before_x;
      y = before_y;
    }
    std::reverse(all.begin(), all.end());
    return joined(all);
  }

  const Lines& m_before;
  const Lines& m_after;
  const std::size_t m_first;
  const long m_n, m_m;
  std::vector<std::vector<long>> m_trace;
};

std::vector<Change> changes_of(const Lines& before, const Lines& after) {
  const std::size_t least = std::min(before.size(), after.size());
  std::size_t first = 0, last = 0;
  while (first < least && before[first] == after[first]) ++first;
  while (last < least - first && before[before.size() - 1 - last] == after[after.size() - 1 - last]) ++last;
  if (first == before.size() && first == after.size()) return {};
  return Myers(before, after, first, before.size() - last, after.size() - last).changes();
}

void add_line(std::string& text, char sign, std::string_view line) {
  text += sign;
  text += line;
  if (line.back() != '\n') text += "\n\\ No newline at end of file\n";
}

std::string range(std::size_t from, std::size_t count) {
  return std::to_string(count == 0 ? from : from + 1) + "," + std::to_string(count);
}

// The changes [begin, end) with three lines around them.
std::string hunk(const Lines& before, const Lines& after, const std::vector<Change>& all, std::size_t begin,
                 std::size_t end) {
  const Change &first = all[begin], &last = all[end - 1];
  const std::size_t lead = std::min<std::size_t>(3, first.from);
  const std::size_t from = first.from - lead, new_from = first.new_from - lead;
  const std::size_t to = std::min(before.size(), last.to + 3), new_to = last.new_to + (to - last.to);
  std::string text = "@@ -" + range(from, to - from) + " +" + range(new_from, new_to - new_from) + " @@\n";
  std::size_t at = from;
  for (std::size_t i = begin; i < end; ++i) {
    for (; at < all[i].from; ++at) add_line(text, ' ', before[at]);
    for (; at < all[i].to; ++at) add_line(text, '-', before[at]);
    for (std::size_t j = all[i].new_from; j < all[i].new_to; ++j) add_line(text, '+', after[j]);
  }
  for (; at < to; ++at) add_line(text, ' ', before[at]);
  return text;
}

}  // namespace

std::string unified_diff(std::string_view before, std::string_view after, const std::string& name, std::size_t most,
                         bool& truncated) {
  const Lines old = lines_of(before), now = lines_of(after);
  const auto all = changes_of(old, now);
  truncated = false;
  if (all.empty()) return {};
  std::string text = "--- " + name + "\n+++ " + name + "\n";
  for (std::size_t begin = 0; begin < all.size();) {
    std::size_t end = begin + 1;
    while (end < all.size() && all[end].from - all[end - 1].to <= 6) ++end;
    const std::string next = hunk(old, now, all, begin, end);
    if (text.size() + next.size() > most) return truncated = true, text;
    text += next;
    begin = end;
  }
  return text;
}

}  // namespace workspace
