// memmem() for what is fixed, RE2 for the rest.
#include "matcher.hpp"

#include <berth/call.hpp>
#include <re2/re2.h>

#include <cstring>

namespace workspace {

using berth::Error;

namespace {

RE2::Options options(const Pattern& pattern) {
  RE2::Options options;
  options.set_log_errors(false);
  options.set_never_nl(true);
  options.set_literal(pattern.fixed);
  options.set_case_sensitive(!pattern.ignore_case);
  options.set_max_mem(16 << 20);
  return options;
}

}  // namespace

Matcher::Matcher(Pattern pattern) : m_needle(std::move(pattern.text)) {
  if (m_needle.empty() || m_needle.find('\n') != std::string::npos)
    throw Error(422, "bad_pattern", "a pattern is at least one character, and within one line");
  if (pattern.fixed && !pattern.ignore_case) return;
  m_expression = std::make_unique<RE2>(pattern.fixed ? m_needle : "(?m)" + m_needle, options(pattern));
  if (!m_expression->ok())
    throw Error(422, "bad_pattern", "the pattern cannot be used: " + m_expression->error(),
                "the syntax is RE2's, without look-around and back-references; \"fixed\": true takes it as it stands");
}
Matcher::Matcher(Matcher&&) noexcept = default;
Matcher::~Matcher() = default;

std::optional<Matcher::Span> Matcher::find(std::string_view text, std::size_t from) const {
  if (!m_expression) {
    const void* at = ::memmem(text.data() + from, text.size() - from, m_needle.data(), m_needle.size());
    if (!at) return std::nullopt;
    return Span{static_cast<std::size_t>(static_cast<const char*>(at) - text.data()), m_needle.size()};
  }
  re2::StringPiece match;
  if (!m_expression->Match({text.data(), text.size()}, from, text.size(), RE2::UNANCHORED, &match, 1))
    return std::nullopt;
  return Span{static_cast<std::size_t>(match.data() - text.data()), match.size()};
}

}  // namespace workspace
