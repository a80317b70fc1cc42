// Entries that are there once in both lists split them (the longest rising run of those); what is left between is
// compared by the greedy algorithm of Myers.
#include "compare/align.hpp"

#include <algorithm>
#include <unordered_map>

namespace docx {

namespace {

using List = std::vector<std::uint64_t>;
using Pairs = std::vector<std::pair<std::size_t, std::size_t>>;

struct Stretch {
  std::size_t a, a_end, b, b_end;
};

class Aligner {
 public:
  Aligner(const List& a, const List& b, std::size_t most) : m_a(a), m_b(b), m_most(most) {}

  Pairs run() {
    Stretch all{0, m_a.size(), 0, m_b.size()};
    Pairs tail;
    trim(all, tail);
    for (const auto& [i, j] : unique_pairs(all)) {
      if (i < all.a || j < all.b) continue;
      gap({all.a, i, all.b, j});
      m_pairs.emplace_back(i, j);
      all.a = i + 1;
      all.b = j + 1;
    }
    gap(all);
    m_pairs.insert(m_pairs.end(), tail.rbegin(), tail.rend());
    return std::move(m_pairs);
  }

 private:
  void trim(Stretch& all, Pairs& tail) {
    while (all.a < all.a_end && all.b < all.b_end && m_a[all.a] == m_b[all.b]) m_pairs.emplace_back(all.a++, all.b++);
    while (all.a < all.a_end && all.b < all.b_end && m_a[all.a_end - 1] == m_b[all.b_end - 1])
      tail.emplace_back(--all.a_end, --all.b_end);
  }

  Pairs unique_pairs(const Stretch& all) const {
    struct Seen {
      std::size_t a = 0, b = 0, in_a = 0, in_b = 0;
    };
    std::unordered_map<std::uint64_t, Seen> seen;
    for (std::size_t i = all.a; i < all.a_end; ++i) {
      Seen& one = seen[m_a[i]];
      one.a = i;
      ++one.in_a;
    }
    for (std::size_t j = all.b; j < all.b_end; ++j) {
      Seen& one = seen[m_b[j]];
      one.b = j;
      ++one.in_b;
    }
    Pairs once;
    for (std::size_t i = all.a; i < all.a_end; ++i) {
      const Seen& one = seen[m_a[i]];
      if (one.in_a == 1 && one.in_b == 1) once.emplace_back(i, one.b);
    }
    return rising(once);
  }

  // The longest of pairs that rise in the second, too.
  static Pairs rising(const Pairs& pairs) {
    std::vector<std::size_t> ends, before(pairs.size());
    for (std::size_t i = 0; i < pairs.size(); ++i) {
      const auto at = std::lower_bound(ends.begin(), ends.end(), pairs[i].second,
                                       [&](std::size_t end, std::size_t b) { return pairs[end].second < b; });
      before[i] = at == ends.begin() ? pairs.size() : *(at - 1);
      if (at == ends.end())
        ends.push_back(i);
      else
        *at = i;
    }
    Pairs longest;
    for (std::size_t at = ends.empty() ? pairs.size() : ends.back(); at < pairs.size(); at = before[at])
      longest.push_back(pairs[at]);
    std::reverse(longest.begin(), longest.end());
    return longest;
  }

  // Myers: how far each diagonal reaches with so many differences; kept for the way back.
  void gap(Stretch one) {
    Pairs tail;
    trim(one, tail);
    const auto n = static_cast<std::ptrdiff_t>(one.a_end - one.a), m = static_cast<std::ptrdiff_t>(one.b_end - one.b);
    if (n > 0 && m > 0) greedy(one, n, m);
    m_pairs.insert(m_pairs.end(), tail.rbegin(), tail.rend());
  }

  void greedy(const Stretch& one, std::ptrdiff_t n, std::ptrdiff_t m) {
    const auto most = std::min(n + m, static_cast<std::ptrdiff_t>(m_most));
    std::vector<std::ptrdiff_t> reach(static_cast<std::size_t>(2 * most + 3), 0);
    std::vector<std::vector<std::ptrdiff_t>> kept;
    const auto at = [&](std::ptrdiff_t k) -> std::ptrdiff_t& { return reach[static_cast<std::size_t>(k + most + 1)]; };
    for (std::ptrdiff_t d = 0; d <= most; ++d) {
      kept.emplace_back(reach.begin() + (most + 1 - d - 1), reach.begin() + (most + 1 + d + 2));
      for (std::ptrdiff_t k = -d; k <= d; k += 2) {
        std::ptrdiff_t x = k == -d || (k != d && at(k - 1) < at(k + 1)) ? at(k + 1) : at(k - 1) + 1;
        std::ptrdiff_t y = x - k;
        while (x < n && y < m && same(one, x, y)) ++x, ++y;
        at(k) = x;
        if (x >= n && y >= m) return back(one, kept, n, m);
      }
    }
  }

  bool same(const Stretch& one, std::ptrdiff_t x, std::ptrdiff_t y) const {
    return m_a[one.a + static_cast<std::size_t>(x)] == m_b[one.b + static_cast<std::size_t>(y)];
  }

  void back(const Stretch& one, const std::vector<std::vector<std::ptrdiff_t>>& kept, std::ptrdiff_t x,
            std::ptrdiff_t y) {
    Pairs found;
    for (auto d = static_cast<std::ptrdiff_t>(kept.size()) - 1; d >= 0; --d) {
      const auto& reach = kept[static_cast<std::size_t>(d)];  // from diagonal -d-1 on
      const auto at = [&](std::ptrdiff_t k) { return reach[static_cast<std::size_t>(k + d + 1)]; };
      const std::ptrdiff_t k = x - y;
      const bool down = k == -d || (k != d && at(k - 1) < at(k + 1));
      const std::ptrdiff_t from_k = down ? k + 1 : k - 1, from_x = at(from_k), from_y = from_x - from_k;
      const std::ptrdiff_t begin_x = d == 0 ? 0 : down ? from_x : from_x + 1;
      while (x > begin_x && x > 0 && y > 0) {
        --x, --y;
        found.emplace_back(one.a + static_cast<std::size_t>(x), one.b + static_cast<std::size_t>(y));
      }
      x = from_x;
      y = from_y;
    }
    m_pairs.insert(m_pairs.end(), found.rbegin(), found.rend());
  }

  const List& m_a;
  const List& m_b;
  const std::size_t m_most;
  Pairs m_pairs;
};

}  // namespace

Pairs align(const List& a, const List& b, std::size_t most) { return Aligner(a, b, most).run(); }

}  // namespace docx
