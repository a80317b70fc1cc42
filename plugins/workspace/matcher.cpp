// What is fixed is found as it is; an expression is tried on the lines that have what it must have.
#include "matcher.hpp"

#include <berth/call.hpp>
#include <re2/re2.h>

#include <algorithm>

namespace workspace {

using berth::Error;

namespace {

constexpr std::size_t least_required = 3;

RE2::Options search_options(const Pattern& pattern) {
  RE2::Options options;
  options.set_log_errors(false);
  options.set_never_nl(true);
  options.set_literal(pattern.fixed);
  options.set_case_sensitive(!pattern.ignore_case);
  options.set_max_mem(16 << 20);
  return options;
}

}  // namespace

Matcher::Matcher(Pattern pattern) {
  if (pattern.text.empty() || pattern.text.find('\n') != std::string::npos)
    throw Error(422, "bad_pattern", "a pattern is at least one character, and within one line");
  if (pattern.fixed && !pattern.ignore_case) {
    m_literal.emplace(std::move(pattern.text));
    return;
  }
  m_expression = std::make_unique<RE2>(pattern.fixed ? pattern.text : "(?m)" + pattern.text, search_options(pattern));
  if (!m_expression->ok())
    throw Error(422, "bad_pattern", "the pattern cannot be used: " + m_expression->error(),
                "the syntax is RE2's, without look-around and back-references; \"fixed\": true takes it as it stands");
  std::string required = pattern.fixed || pattern.ignore_case ? std::string() : required_text(pattern.text);
  if (required.size() >= least_required) m_literal.emplace(std::move(required));
}
Matcher::Matcher(Matcher&&) noexcept = default;
Matcher::~Matcher() = default;

std::optional<Matcher::Span> Matcher::find(std::string_view text, std::size_t from) const {
  if (!m_literal) return match(text, from, text.size());
  for (;;) {
    const std::size_t at = m_literal->find(text, from);
    if (at == std::string_view::npos) return std::nullopt;
    if (!m_expression) return Span{at, m_literal->text().size()};
    const auto before = at == 0 ? std::string_view::npos : text.rfind('\n', at - 1);
    const std::size_t end = std::min(text.find('\n', at), text.size());
    if (const auto found = match(text, before == std::string_view::npos ? 0 : before + 1, end)) return found;
    if (end == text.size()) return std::nullopt;
    from = end + 1;
  }
}

std::optional<Matcher::Span> Matcher::match(std::string_view text, std::size_t begin, std::size_t end) const {
  re2::StringPiece found;
  const re2::StringPiece within(text.data() + begin, end - begin);
  if (!m_expression->Match(within, 0, within.size(), RE2::UNANCHORED, &found, 1)) return std::nullopt;
  return Span{static_cast<std::size_t>(found.data() - text.data()), found.size()};
}

}  // namespace workspace
