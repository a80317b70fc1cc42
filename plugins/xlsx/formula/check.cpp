// One pass over the tokens, with a stack of the brackets that are open.
#include "check.hpp"

#include <algorithm>
#include <utility>

#include "tokens.hpp"

namespace xlsx::formula {

namespace {

bool begins(std::string_view text, std::string_view lower) {
  return text.size() >= lower.size() && std::equal(lower.begin(), lower.end(), text.begin(), [](char a, char b) {
           return a == (b >= 'A' && b <= 'Z' ? b - 'A' + 'a' : b);
         });
}

// How many characters of UTF-16 a text has, which Excel counts in.
std::size_t characters(std::string_view text) {
  std::size_t count = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    count += (byte & 0xC0) != 0x80;
    count += byte >= 0xF0;
  }
  return count;
}

bool adjacent(const Token& a, const Token& b) { return a.at + a.text.size() == b.at; }

}  // namespace

void Check::run(std::string_view formula) {
  m_formula = formula;
  m_open.clear();
  m_parameters.clear();
  m_calls = 0;
  m_over = false;
  m_binds = nullptr;
  m_order = {};
  m_alone = false;
  if (formula.size() > most_characters && characters(formula) > most_characters)
    return m_watcher.trouble({What::too_long, {}, nullptr, 0, {}, nullptr});
  Tokens tokens(formula);
  Token before;
  for (Token one = tokens.next(); one.kind != Kind::end && !m_over; one = tokens.next()) {
    if (one.kind == Kind::space) continue;
    take(one, before);
    m_alone = one.kind == Kind::name && before.kind != Kind::prefix;
    before = one;
  }
  if (m_over) return;
  if (!m_open.empty()) return broken(formula.substr(formula.size()), "a bracket is not closed");
  if (before.kind == Kind::end) return broken(formula, "there is nothing in it");
  if (const char* const wrong = m_order.end()) broken(formula.substr(formula.size()), wrong);
}

void Check::take(const Token& one, const Token& before) {
  const bool call = one.kind == Kind::open && m_order.calls(one);
  const char* const wrong = m_order.take(one, m_open.empty() ? Inside::nothing : m_open.back().sort);
  if (wrong) return broken(m_formula.substr(one.at), wrong);
  take_sound(one, before, call);
}

void Check::take_sound(const Token& one, const Token& before, bool call) {
  switch (one.kind) {
    case Kind::function: return called(one, before);
    case Kind::open: return open(call ? Inside::call : Inside::bracket, one);
    case Kind::open_array: return open(Inside::array, one);
    case Kind::close: return close(one, false);
    case Kind::close_array: return close(one, true);
    case Kind::comma: return comma(one);
    case Kind::bad: return broken(one.text, one.trouble);
    case Kind::prefix: return sheet(one, before);
    case Kind::name: return parameter(one, before);
    case Kind::structure: return structure(one);
    case Kind::operation: return operation(one);
    default: return;
  }
}

void Check::broken(std::string_view where, const char* words) {
  m_over = true;
  m_watcher.trouble({What::broken, where, nullptr, m_formula.size() - where.size(), {}, words});
}

void Check::open(Inside sort, const Token& one) {
  if (sort == Inside::call && ++m_calls > most_depth) {
    m_over = true;
    return tell(What::too_deep, one, nullptr);
  }
  m_open.push_back({sort, 0});
}

void Check::close(const Token& one, bool array) {
  if (m_open.empty() || (m_open.back().sort == Inside::array) != array)
    return broken(m_formula.substr(one.at), "a bracket is closed that is not open");
  if (m_open.back().sort == Inside::call) --m_calls;
  m_open.pop_back();
}

void Check::comma(const Token& one) {
  if (m_open.empty() || m_open.back().sort != Inside::call) return;
  if (++m_open.back().commas == most_arguments) tell(What::too_wide, one, nullptr);
}

void Check::called(const Token& one, const Token& before) {
  m_binds = nullptr;
  if (before.kind == Kind::prefix) return;  // of another workbook, or of a module
  for (const std::string_view free : {"_xlpm.", "_xlop.", "_xll."})
    if (begins(one.text, free)) return;
  for (const std::string_view lost : {"__xludf.", "_xludf.", "_xldudf_"})
    if (begins(one.text, lost)) return tell(What::foreign, one, nullptr);
  const Written written = without_prefix(one.text);
  const Function* const found = function(written.name);
  if (!found) return unknown(one, written);
  const bool named = written.prefix.size() != found->prefix.size() && m_watcher.named(one.text);
  if (named) return;
  if (found->macro) return tell(What::macro, one, found);
  m_watcher.called(*found);
  m_binds = found->name == "LET" || found->name == "LAMBDA" ? found : nullptr;
  if (found->since > m_office) return tell(What::newer, one, found);
  if (written.prefix.size() == found->prefix.size()) return;
  m_watcher.trouble(
      {What::prefix, one.text, found, one.at, std::string(found->prefix) + std::string(found->name), nullptr});
}

void Check::unknown(const Token& one, const Written& written) {
  if (begins(written.name, "org.") || begins(written.name, "com.")) return tell(What::foreign, one, nullptr);
  const bool parameter = std::ranges::find(m_parameters, one.text) != m_parameters.end();
  if (written.prefix.empty() && (parameter || m_watcher.named(one.text))) return;
  tell(What::unknown, one, nullptr);
}

void Check::tell(What what, const Token& one, const Function* found) {
  m_watcher.trouble({what, one.text, found, one.at, {}, nullptr});
}

// "My sheet!A1" is the common cells of what is called My and of a sheet's A1, and there are none.
void Check::sheet(const Token& one, const Token& before) {
  const bool blank = before.kind == Kind::name && !adjacent(before, one);
  if (!blank || !m_alone || one.text.starts_with('[') || one.text.starts_with('\'')) return;
  if (begins(before.text, "_xl") || m_watcher.named(before.text)) return;
  broken(m_formula.substr(before.at), "a sheet's name that has blanks stands in single quotes");
}

// LET(x,…) and LAMBDA(x,…): files write _xlpm.x.
void Check::parameter(const Token& one, const Token& before) {
  const Function* const binds = std::exchange(m_binds, nullptr);
  if (begins(one.text, "_xleta.")) return eta(one);
  if (!binds || before.kind != Kind::open || begins(one.text, "_xlpm.") || begins(one.text, "_xlop.")) return;
  m_parameters.push_back(one.text);
  if (binds->since > m_office) return;  // which says enough
  m_watcher.trouble({What::prefix, one.text, nullptr, one.at, "_xlpm." + std::string(one.text), nullptr});
}

// A function that is given to another one by its name.
void Check::eta(const Token& one) {
  const Function* const found = function(without_prefix(one.text.substr(7)).name);
  if (found) m_watcher.called(*found);
  if (m_office < subscription) tell(What::newer, one, function("LAMBDA"));
}

void Check::structure(const Token& one) {
  if (!one.text.starts_with("[@")) return;
  m_watcher.trouble({What::prefix, one.text, nullptr, one.at, "[[#This Row],[column]]", nullptr});
}

void Check::operation(const Token& one) {
  if (one.text == "#") m_watcher.trouble({What::prefix, one.text, nullptr, one.at, "_xlfn.ANCHORARRAY(cell)", nullptr});
  if (one.text == "@") m_watcher.trouble({What::prefix, one.text, nullptr, one.at, "_xlfn.SINGLE(range)", nullptr});
}

}  // namespace xlsx::formula
