// Within a stretch that differs, paragraphs that have much in common are one that was changed.
#include "compare/compare.hpp"

#include <algorithm>
#include <berth/call.hpp>
#include <cctype>
#include <functional>
#include <map>
#include <utility>

#include "compare/align.hpp"

namespace docx {

using nlohmann::json;

namespace {

using Texts = std::vector<std::string_view>;

std::vector<std::uint64_t> hashes(const Texts& texts) {
  std::vector<std::uint64_t> all;
  all.reserve(texts.size());
  for (const auto one : texts) all.push_back(std::hash<std::string_view>()(one));
  return all;
}

Texts texts_of(const std::vector<Line>& lines) {
  Texts all;
  all.reserve(lines.size());
  for (const auto& one : lines) all.push_back(one.text);
  return all;
}

bool is_word(unsigned char c) { return std::isalnum(c) != 0 || c == '_' || c >= 0x80; }

void add_word(json& words, const char* kind, std::string_view text) {
  if (!words.empty() && words.back().at("kind") == kind) {
    auto& whole = words.back().at("text").get_ref<std::string&>();
    whole += text;
  } else {
    words.push_back({{"kind", kind}, {"text", text}});
  }
}

json word_changes(std::string_view before, std::string_view after) {
  const Texts a = words_of(before), b = words_of(after);
  json words = json::array();
  std::size_t i = 0, j = 0;
  const auto up_to = [&](std::size_t next_a, std::size_t next_b) {
    for (; i < next_a; ++i) add_word(words, "deleted", a[i]);
    for (; j < next_b; ++j) add_word(words, "inserted", b[j]);
  };
  for (const auto& [x, y] : align(hashes(a), hashes(b), 400)) {
    up_to(x, y);
    add_word(words, "same", a[i]);
    ++i, ++j;
  }
  up_to(a.size(), b.size());
  return words;
}

// What a likeness is told by: a paragraph's first words.
struct Gist {
  std::vector<std::uint64_t> words{};
  std::vector<std::size_t> sizes{};
  std::size_t bytes = 0;
};
constexpr std::size_t most_words = 2000;

Gist gist_of(std::string_view text) {
  Gist gist;
  constexpr std::size_t longest = 16 * most_words;  // bytes that are looked at for them
  for (const auto word : words_of(text.substr(0, longest))) {
    if (gist.words.size() == most_words) break;
    gist.words.push_back(std::hash<std::string_view>()(word));
    gist.sizes.push_back(word.size());
    gist.bytes += word.size();
  }
  return gist;
}

// How much of two paragraphs is the same, from 0 to 1, by their words.
double likeness(const Gist& a, const Gist& b) {
  std::size_t same = 0;
  for (const auto& [x, y] : align(a.words, b.words, 200)) same += a.sizes[x];
  return 2.0 * static_cast<double>(same) / static_cast<double>(a.bytes + b.bytes);
}

constexpr double alike = 0.4;  // from there on, two paragraphs are one that was changed

// The most that they can have in common, by their lengths alone.
bool may_be_alike(const Gist& a, const Gist& b) {
  const auto less = static_cast<double>(std::min(a.bytes, b.bytes));
  return 2.0 * less > alike * static_cast<double>(a.bytes + b.bytes);
}

class Comparison {
 public:
  Comparison(const std::vector<Line>& before, const std::vector<Line>& after, std::size_t most,
             const std::function<bool()>& stop)
      : m_before(before), m_after(after), m_most(most), m_stop(stop) {}

  json run() {
    std::size_t i = 0, j = 0;
    for (const auto& [x, y] : align(hashes(texts_of(m_before)), hashes(texts_of(m_after)))) {
      stretch(i, x, j, y);
      if (m_before[x].style != m_after[y].style) restyled(m_before[x], m_after[y]);
      i = x + 1;
      j = y + 1;
    }
    stretch(i, m_before.size(), j, m_after.size());
    json answer{{"same", m_total == 0}, {"changes", std::move(m_changes)}, {"truncated", m_total > m_most}};
    answer["counts"] = {{"inserted", m_inserted},
                        {"deleted", m_deleted},
                        {"changed", m_changed},
                        {"restyled", m_restyled},
                        {"paragraphs_before", m_before.size()},
                        {"paragraphs_after", m_after.size()}};
    return answer;
  }

 private:
  void stretch(std::size_t i, std::size_t i_end, std::size_t j, std::size_t j_end) {
    m_gists.clear();
    while (i < i_end && j < j_end) {
      const std::size_t best = likest(m_before[i], j, j_end);
      if (best == j_end) {
        gone(m_before[i++]);
        continue;
      }
      while (j < best) come(m_after[j++]);
      changed(m_before[i++], m_after[j++]);
    }
    while (i < i_end) gone(m_before[i++]);
    while (j < j_end) come(m_after[j++]);
  }

  // The one among the next that has most in common with a paragraph; the end of them: none has enough.
  std::size_t likest(const Line& line, std::size_t j, std::size_t j_end) {
    constexpr std::size_t far = 8;  // how many paragraphs further on a likeness is looked for
    if (m_stop && m_stop()) throw berth::Error(499, "cancelled", "it was cancelled");
    m_gists.erase(m_gists.begin(), m_gists.lower_bound(j));
    std::size_t best = j_end;
    double most = alike;
    if (m_work > most_work) return best;
    const Gist gist = gist_of(line.text);
    m_work += gist.words.size();
    for (std::size_t k = j; k < std::min(j_end, j + far); ++k) {
      const auto [other, fresh] = m_gists.try_emplace(k);
      if (fresh) other->second = gist_of(m_after[k].text);
      if (!may_be_alike(gist, other->second)) continue;
      m_work += gist.words.size() + other->second.words.size();
      const double its = likeness(gist, other->second);
      if (its > most) most = its, best = k;
    }
    return best;
  }

  void tell(json change) {
    if (m_total++ < m_most) m_changes.push_back(std::move(change));
  }
  void gone(const Line& line) {
    ++m_deleted;
    tell({{"kind", "deleted"}, {"before", line.number}, {"text", line.text}, {"style", line.style}});
  }
  void come(const Line& line) {
    ++m_inserted;
    tell({{"kind", "inserted"}, {"after", line.number}, {"text", line.text}, {"style", line.style}});
  }
  void changed(const Line& before, const Line& after) {
    ++m_changed;
    if (m_total++ >= m_most) return;
    json change{{"kind", "changed"}, {"before", before.number}, {"after", after.number}};
    change["words"] = word_changes(before.text, after.text);
    if (before.style != after.style) change["styles"] = {before.style, after.style};
    m_changes.push_back(std::move(change));
  }
  void restyled(const Line& before, const Line& after) {
    ++m_restyled;
    tell({{"kind", "restyled"},
          {"before", before.number},
          {"after", after.number},
          {"text", before.text},
          {"styles", {before.style, after.style}}});
  }

  const std::vector<Line>& m_before;
  const std::vector<Line>& m_after;
  const std::size_t m_most;
  const std::function<bool()>& m_stop;
  static constexpr std::size_t most_work = 20'000'000;  // words that likenesses are told by; then there are none
  std::size_t m_work = 0;
  std::map<std::size_t, Gist> m_gists;  // of the next lines of the newer text
  std::size_t m_total = 0, m_inserted = 0, m_deleted = 0, m_changed = 0, m_restyled = 0;
  json m_changes = json::array();
};

}  // namespace

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  for (std::size_t i = 0; i < text.size();) {
    const auto first = static_cast<unsigned char>(text[i]);
    std::size_t end = i + 1;
    if (first >= 0xE3) {  // ideographs, kana, hangul: one by one
      end = std::min(text.size(), i + (first >= 0xF0 ? 4 : 3));
    } else if (is_word(first)) {
      while (end < text.size() && is_word(static_cast<unsigned char>(text[end])) &&
             static_cast<unsigned char>(text[end]) < 0xE3)
        ++end;
    } else if (first == ' ') {
      while (end < text.size() && text[end] == ' ') ++end;
    }
    words.push_back(text.substr(i, end - i));
    i = end;
  }
  return words;
}

void Lines::paragraph(std::size_t number) { m_open.push_back({{}, {}, number}); }

void Lines::piece(std::string_view text, const PieceLook& look) {
  if (m_open.empty() || look.gone) return;
  constexpr std::size_t most = 64u << 20;
  m_bytes += text.size();
  if (m_bytes > most) throw berth::Error(413, "too_large", "texts of at most 64 MiB are compared");
  m_open.back().text += text;
}

void Lines::picture(const Picture& picture) {
  if (!m_open.empty()) m_open.back().text += "[picture " + picture.name + "]";
}

void Lines::end_paragraph(const ParagraphLook& look) {
  if (m_open.empty()) return;
  Line line = std::move(m_open.back());
  m_open.pop_back();
  line.style = look.style;
  m_bytes += look.style.size() + sizeof(Line);
  if (!line.text.empty()) m_lines.push_back(std::move(line));  // spacing is no text
}

json compare(const std::vector<Line>& old_lines, const std::vector<Line>& new_lines, std::size_t most,
             const std::function<bool()>& stop) {
  return Comparison(old_lines, new_lines, most, stop).run();
}

}  // namespace docx
