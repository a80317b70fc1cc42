// Everything is computed anew from what the file has, and held against what it says.
#include "recheck.hpp"

#include <chrono>
#include <cmath>
#include <ctime>

#include "book.hpp"
#include "calc/convert.hpp"
#include "calc/engine.hpp"
#include "gather.hpp"
#include "load.hpp"
#include "serve/verdict.hpp"
#include "trace.hpp"
#include "values.hpp"

namespace xlsx {

using berth::Json;
using calc::Place;

namespace {

// What to do about an error, by what it is.
std::string_view remedy(calc::Fault fault) {
  switch (fault) {
    case calc::Fault::div0: return "divide only where the divisor is not zero or blank: IF(x=0,\"\",…/x)";
    case calc::Fault::na: return "what is looked for is not there: correct the key or the range, or use IFNA(…,\"\")";
    case calc::Fault::name: return "a name or a function that Excel does not know: correct it, or define the name";
    case calc::Fault::ref: return "the cells that were meant are gone: write the reference anew";
    case calc::Fault::value: return "a text stands where a number is needed: correct the cell, or use VALUE or N";
    case calc::Fault::num: return "the numbers have no result: look at the arguments";
    case calc::Fault::null: return "two areas without a common cell: write a comma or a colon between them";
    case calc::Fault::spill: return "the result has no room: empty the cells beside it";
    default: return "look at the arguments of the formula";
  }
}

Json told(const calc::Value& value) {
  switch (value.type()) {
    case calc::Type::number: return json_of(value.number());
    case calc::Type::boolean: return value.truth();
    case calc::Type::text: return clipped(value.text());
    case calc::Type::error: return name(value.fault());
    default: return nullptr;
  }
}

// What Excel stores has fifteen digits, and the last of them may differ by how a sum was made.
bool same(const calc::Value& a, const calc::Value& b) {
  if (a.is(calc::Type::number) && b.is(calc::Type::number)) {
    const double larger = std::fmax(std::fabs(a.number()), std::fabs(b.number()));
    return std::fabs(a.number() - b.number()) <= 1e-9 * larger + 1e-12;
  }
  if (a.type() != b.type()) return false;
  if (a.is_error()) return a.fault() == b.fault();
  if (a.is(calc::Type::boolean)) return a.truth() == b.truth();
  return !a.is(calc::Type::text) || a.text() == b.text();
}

double now() {
  const std::time_t moment = std::time(nullptr);
  std::tm local{};
  ::localtime_r(&moment, &local);
  return 25569.0 + static_cast<double>(moment + local.tm_gmtoff) / 86400.0;
}

class Recheck {
 public:
  Recheck(const ooxml::serve::Asked& asked, const ooxml::Package& package)
      : m_asked(asked), m_book(read_book(package)), m_limit(asked.input.value("limit", std::size_t{100})) {
    choose();
    m_loaded = load(package, m_book, asked.stop, [&](double done) {
      if (asked.progress) asked.progress(done * 0.6);
    });
    calc::Moment moment;
    moment.now = asked.input.contains("now") ? calc_now(asked.input["now"]) : now() - (m_book.since_1904 ? 1462 : 0);
    moment.seed = asked.input.value("seed", std::uint64_t{1});
    m_computed = calc::Engine(m_loaded.book, moment).run(asked.stop);
    if (m_computed.stopped) throw berth::Error(499, "cancelled", "nobody waits for it any more");
  }

  Json answer() {
    Json all{{"ok", true},
             {"cells", m_loaded.cells},
             {"formulas", m_loaded.cached.size()},
             {"formula_kinds", m_loaded.book.formulas.size()}};
    compare(all);
    all["circles"] = circles();
    all["unsupported"] = unsupported();
    all["numbers_as_text"] = noted(m_loaded.number_texts);
    all["formulas_as_text"] = noted(m_loaded.formula_texts);
    all["ok"] =
        all["error_count"] == 0 && all["stale_count"] == 0 && all["not_computed"] == 0 && m_computed.circles.empty();
    return all;
  }

 private:
  void choose() {
    m_wanted.assign(m_book.sheets.size(), !m_asked.input.contains("sheets"));
    for (const Json& name : m_asked.input.value("sheets", Json::array())) {
      const Sheet* const sheet = m_book.sheet(name.get<std::string>());
      if (sheet == nullptr) throw berth::Error(404, "no_such_sheet", "there is no sheet " + name.get<std::string>());
      m_wanted[static_cast<std::size_t>(sheet - m_book.sheets.data())] = true;
    }
  }
  static double calc_now(const Json& said) {
    if (said.is_number()) return said.get<double>();
    const calc::Value value = calc::to_number(calc::Value(said.get_ref<const std::string&>()));
    if (value.is_error()) throw berth::Error(422, "bad_input", "now is no date: write 2026-01-31 or 2026-01-31 12:00");
    return value.number();
  }

  const calc::Value& value(Place place) const { return m_loaded.book.sheets[place.sheet].value(place.cell); }
  Json at(Place place) const {
    return {{"sheet", m_book.sheets[place.sheet].name}, {"cell", formula::name(place.cell)}};
  }
  void add_formula(Json& to, Place place) const {
    const std::string text = m_loaded.book.text_at(place);
    if (!text.empty()) to["formula"] = "=" + clipped(text);
  }

  void compare(Json& all) {
    Trace trace(m_loaded.book);
    Json errors = Json::array(), stale = Json::array();
    std::size_t error_count = 0, stale_count = 0, changing = 0, unknown = 0, not_computed = 0;
    for (const Cached& one : m_loaded.cached) {
      if (!m_wanted[one.place.sheet]) continue;
      const calc::Value& fresh = value(one.place);
      const auto root = fresh.is_error() ? trace.root(one.place) : std::nullopt;
      if (root && m_computed.unknown.count(root->key()) != 0) {
        ++not_computed;
        continue;
      }
      if (fresh.is_error() && ++error_count <= m_limit) errors.push_back(error(root, one.place));
      if (one.value.is(calc::Type::blank) && !(fresh.is(calc::Type::text) && fresh.text().empty())) {
        ++unknown;  // by somebody who computes nothing
        continue;
      }
      if (same(one.value, fresh) || one.value.is(calc::Type::blank)) continue;
      if (trace.changes(one.place)) {
        ++changing;
        continue;
      }
      if (++stale_count > m_limit) continue;
      Json cell = at(one.place);
      cell["cached"] = told(one.value);
      cell["computed"] = told(fresh);
      add_formula(cell, one.place);
      stale.push_back(std::move(cell));
    }
    all["errors"] = std::move(errors);
    all["error_count"] = error_count;
    all["stale"] = std::move(stale);
    all["stale_count"] = stale_count;
    all["changing"] = changing;
    all["never_computed"] = unknown;
    all["not_computed"] = not_computed;
  }

  Json error(const std::optional<Place>& root, Place place) const {
    Json made = at(place);
    made["value"] = told(value(place));
    add_formula(made, place);
    if (!root) made["cause"] = nullptr;
    if (root && !(*root == place)) {
      made["cause"] = at(*root);
      add_formula(made["cause"], *root);
    }
    made["remedy"] = remedy(value(place).fault());
    return made;
  }

  Json circles() const {
    Json made = Json::array();
    for (const auto& circle : m_computed.circles) {
      Json cells = Json::array();
      for (const Place& place : circle) {
        if (cells.size() == m_limit) break;
        cells.push_back(at(place));
        add_formula(cells.back(), place);
      }
      if (made.size() < m_limit) made.push_back({{"cells", std::move(cells)}, {"length", circle.size()}});
    }
    return made;
  }

  Json unsupported() const {
    Json made = Json::array();
    for (const auto* all : {&m_computed.unsupported, &m_loaded.left}) {
      for (const auto& [what, where] : *all) {
        if (made.size() == m_limit) return made;
        made.push_back({{"what", what}, {"count", where.count}, {"cells", list(where.cells)}});
      }
    }
    return made;
  }

  Json noted(const Noted& all) const {
    std::size_t count = 0;
    std::vector<Place> cells;
    for (const auto& [sheet, where] : all.sheets) {
      if (!m_wanted[sheet]) continue;
      count += where.count;
      cells.insert(cells.end(), where.cells.begin(), where.cells.end());
    }
    return {{"count", count}, {"cells", list(cells)}};
  }
  Json list(const std::vector<Place>& cells) const {
    Json made = Json::array();
    for (const Place& place : cells) {
      if (made.size() == m_limit) break;
      made.push_back(at(place));
    }
    return made;
  }

  const ooxml::serve::Asked& m_asked;
  const Book m_book;
  const std::size_t m_limit;
  std::vector<bool> m_wanted;
  Loaded m_loaded;
  calc::Computed m_computed;
};

}  // namespace

Json recheck(const ooxml::serve::Asked& asked) {
  const auto begin = std::chrono::steady_clock::now();
  const auto file = ooxml::serve::opened(asked, "path", ooxml::Kind::sheet);
  Json answer = Recheck(asked, *file.package).answer();
  answer["timing_ms"] = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count();
  return answer;
}

std::string recheck_report(const std::string& path, const Json& answer, bool) {
  const auto number = [&](const char* field) { return std::to_string(answer.value(field, std::size_t{0})); };
  std::string text = path + ": " + (answer.value("ok", false) ? "all values are right" : "not right") + ", " +
                     number("formulas") + " formulas, " + number("error_count") + " errors, " + number("stale_count") +
                     " stale, " + std::to_string(answer["circles"].size()) + " circles, " + number("not_computed") +
                     " not computed\n";
  const auto place = [](const Json& one) {
    return ooxml::serve::printable(one.value("sheet", "") + "!" + one.value("cell", ""));
  };
  const auto formula = [](const Json& one) { return ooxml::serve::printable(one.value("formula", "")); };
  for (const Json& one : answer["errors"]) {
    text += "  " + place(one) + "  " + one.value("value", "") + "  " + formula(one) + "\n";
    if (one.contains("cause") && one["cause"].is_object())
      text += "      from " + place(one["cause"]) + "  " + formula(one["cause"]) + "\n";
    text += "      " + one.value("remedy", "") + "\n";
  }
  for (const Json& one : answer["stale"])
    text += "  " + place(one) + "  stale: " + ooxml::serve::printable(one["cached"].dump()) + ", computed " +
            ooxml::serve::printable(one["computed"].dump()) + "  " + formula(one) + "\n";
  for (const Json& one : answer["circles"]) {
    text += "  a circle of " + std::to_string(one.value("length", 0)) + ":";
    for (const Json& cell : one["cells"]) text += " " + place(cell);
    text += "\n";
  }
  for (const Json& one : answer["unsupported"]) {
    text += "  not computed: " + ooxml::serve::printable(one.value("what", "")) + " in";
    for (const Json& cell : one["cells"]) text += " " + place(cell);
    text += one["cells"].size() < one.value("count", std::size_t{0}) ? " …\n" : "\n";
  }
  return text;
}

int recheck_exit(const Json& answer) { return answer.value("ok", false) ? 0 : 1; }

}  // namespace xlsx
