// Formulas as hostile files have them: tokens that lose nothing, checks that end, and a shift there and back again that
// is the same, as long as nothing leaves the sheet.
#include <cstdlib>
#include <string>

#include "formula/check.hpp"
#include "formula/reference.hpp"
#include "formula/shift.hpp"
#include "formula/tokens.hpp"

namespace {

using namespace xlsx::formula;

struct Nobody : Watcher {
  void called(const Function& function) override {
    if (function.name.empty()) std::abort();
  }
  void trouble(const Trouble& trouble) override {
    if (trouble.at > size) std::abort();
  }
  bool named(std::string_view name) const override { return name.size() % 3 == 0; }
  std::size_t size = 0;
};

void cut(std::string_view text) {
  std::string all;
  Tokens tokens(text);
  for (Token one = tokens.next(); one.kind != Kind::end; one = tokens.next()) {
    if (one.text.empty() || one.at != all.size()) std::abort();
    all += one.text;
  }
  if (all != text) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  cut(text);
  Nobody nobody;
  nobody.size = size;
  for (const std::uint16_t office : {std::uint16_t{2007}, std::uint16_t{2019}, subscription})
    Check(office, nobody).run(text);
  if (const auto one = area(text); one && (one->first.row > one->last.row || one->last.column > most_columns))
    std::abort();
  const std::string moved = shift(text, 3, 2);
  if (moved.find("#REF!") == std::string::npos && shift(shift(moved, -3, -2), 3, 2) != moved) std::abort();
  return 0;
}
