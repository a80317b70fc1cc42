// Words, numbers and signs of a line.
#include "cursor.hpp"

#include <cctype>

namespace ooxml::compiler {

namespace {

bool in_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-' ||
         (static_cast<unsigned char>(c) >= 0x80);
}

std::size_t word_size(std::string_view text) {
  std::size_t size = 0;
  while (size < text.size()) {
    bool dot = size > 0 && text[size] == '.' && size + 1 < text.size() && in_word(text[size + 1]);
    if (!in_word(text[size]) && !dot) break;
    ++size;
  }
  return size;
}

}  // namespace

void Cursor::blanks() {
  while (!m_rest.empty() && (m_rest[0] == ' ' || m_rest[0] == '\t')) m_rest.remove_prefix(1);
}

bool Cursor::accept_here(char c) {
  if (here() != c) return false;
  m_rest.remove_prefix(1);
  return true;
}

bool Cursor::accept(char c) {
  blanks();
  return accept_here(c);
}

void Cursor::expect(char c) {
  if (!accept(c))
    throw Wrong{std::string("\"") + c + "\" is missing before \"" + std::string(m_rest.substr(0, 20)) + "\""};
}

std::string Cursor::ahead() {
  blanks();
  return std::string(m_rest.substr(0, word_size(m_rest)));
}

std::string Cursor::word(const char* what) {
  std::string found = ahead();
  if (found.empty())
    throw Wrong{std::string(what) + " is missing before \"" + std::string(m_rest.substr(0, 20)) + "\""};
  m_rest.remove_prefix(found.size());
  return found;
}

bool Cursor::accept_word(std::string_view word) {
  if (ahead() != word || m_rest.substr(word.size(), 1) == ":") return false;
  m_rest.remove_prefix(word.size());
  return true;
}

std::string Cursor::written() {
  bool quotes = accept('"');
  std::size_t end = quotes ? m_rest.find('"') : m_rest.find_first_of(" \t");
  if (quotes && end == m_rest.npos) throw Wrong{"a quote has no end"};
  std::string found(m_rest.substr(0, end));
  m_rest.remove_prefix(std::min(m_rest.size(), found.size() + (quotes ? 1 : 0)));
  return found;
}

std::string Cursor::number() {
  blanks();
  std::size_t size = 0;
  while (size < m_rest.size()) {
    char c = m_rest[size];
    bool dot = c == '.' && size + 1 < m_rest.size() &&
               std::isdigit(static_cast<unsigned char>(m_rest[size + 1])) != 0 && size > 0 && m_rest[size - 1] != '.';
    if (std::isdigit(static_cast<unsigned char>(c)) == 0 && !dot && !(c == '-' && size == 0)) break;
    ++size;
  }
  std::string found(m_rest.substr(0, size));
  m_rest.remove_prefix(size);
  return found;
}

std::string Cursor::rest() {
  blanks();
  std::string_view found = m_rest;
  while (!found.empty() && (found.back() == ' ' || found.back() == '\t')) found.remove_suffix(1);
  m_rest = {};
  return std::string(found);
}

}  // namespace ooxml::compiler
