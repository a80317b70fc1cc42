// Checks values with valijson, unless a look is enough to see that they fit (plain_schema.hpp). It is fenced in: what
// it cannot do safely on hostile input was taken out of the schema beforehand (keywords.hpp), its recursion is bounded
// by the schema (schema_plan.cpp) and by the depth of the value, and its steps are counted.
#include "loader/schema/schema.hpp"

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"  // false alarms of g++ 12 in <regex> with a sanitizer
#endif

#include <limits>
#include <optional>
#include <set>
#include <valijson/constraint_builder.hpp>
#include <valijson/constraints/concrete_constraints.hpp>

#include "loader/schema/misfits.hpp"
#include "loader/schema/plain_schema.hpp"
#include "loader/schema/schema_plan.hpp"
#include "loader/schema/valijson_value.hpp"
#include "loader/schema/words.hpp"

// After our own adapter, which they look up.
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validator.hpp>

namespace berth::loader {

using nlohmann::json;
using service::Error;
using service::Misfit;
using service::Result;

namespace {

constexpr unsigned deepest_value = 64;
// A check may take this many steps, and more for each value within the value: enough for any schema that is not a trap.
constexpr std::uint64_t free_steps = 300'000, steps_each = 64;

// Our own keywords, as a constraint among valijson's.
class OwnKeywords : public valijson::constraints::PolyConstraint {
 public:
  explicit OwnKeywords(const Keywords& keywords) : m_keywords(&keywords) {}

  bool validate(const valijson::adapters::Adapter& target, const std::vector<std::string>& context,
                valijson::ValidationResults* results) const override {
    const bool fits = check(target);
    if (!fits && results) results->pushError(context, {});
    return fits;
  }

 private:
  bool check(const valijson::adapters::Adapter& target) const {
    const auto* ours = dynamic_cast<const look::Adapter*>(&target);
    if (!ours) return m_keywords->fits(json(target.asString()));  // the name of a property
    ours->watch().step();
    return m_keywords->fits(ours->json());
  }
  valijson::constraints::Constraint* cloneInto(void* memory) const override { return new (memory) OwnKeywords(*this); }
  std::size_t sizeOf() const override { return sizeof(OwnKeywords); }

  const Keywords* m_keywords;
};

class OwnKeywordsBuilder : public valijson::ConstraintBuilder {
 public:
  explicit OwnKeywordsBuilder(const std::vector<Keywords>& all) : m_all(all) {}
  valijson::constraints::Constraint* make(const valijson::adapters::Adapter& place) const override {
    return new OwnKeywords(m_all[static_cast<std::size_t>(place.asInteger())]);
  }

 private:
  const std::vector<Keywords>& m_all;
};

// Looks for what no schema can allow: depth that recursion would not survive, and whole numbers that 64 bits with sign
// cannot hold. Counts the values on its way.
class Survey {
 public:
  std::optional<Misfit> look(const json& value, unsigned levels = deepest_value) {
    constexpr auto most = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    if (value.is_number_unsigned() && value.get<std::uint64_t>() > most) {
      return Misfit{{}, "a number of at most " + std::to_string(most), got_in_words(value)};
    }
    if (!value.is_structured() || value.empty()) return std::nullopt;
    if (levels == 0)
      return Misfit{{}, "nothing nested deeper than " + std::to_string(deepest_value) + " levels", got_in_words(value)};
    m_count += value.size();
    std::size_t index = 0;
    for (auto at = value.begin(); at != value.end(); ++at, ++index) {
      if (!at->is_structured() && !at->is_number_unsigned()) continue;
      auto wrong = look(*at, levels - 1);
      if (!wrong) continue;
      std::string place;
      append_step(place, value.is_object() ? at.key() : std::to_string(index));
      wrong->pointer.insert(0, place);
      return wrong;
    }
    return std::nullopt;
  }
  std::uint64_t count() const { return m_count; }

 private:
  std::uint64_t m_count = 1;
};

// valijson's context, "<root>" "[name]" "[3]", as a JSON pointer.
std::string pointer_of(const std::vector<std::string>& context) {
  std::string pointer;
  for (std::size_t i = 1; i < context.size(); ++i) {
    append_step(pointer, std::string_view(context[i]).substr(1, context[i].size() - 2));
  }
  return pointer;
}

std::set<std::string> places_of(const valijson::ValidationResults& results) {
  std::set<std::string> places;
  for (const auto& error : results) places.insert(pointer_of(error.context));
  return places;
}

}  // namespace

struct Schema::Body {
  json source;
  SchemaPlan plan;
  PlainSchema plain;
  valijson::Schema made = {};

  Body(const json& from, SchemaPlan read) : source(from), plan(std::move(read)), plain(plan, plan.document) {}

  std::optional<Error> make() {
    valijson::SchemaParser parser(valijson::SchemaParser::kDraft7);
    parser.addConstraintBuilder(keywords_member, new OwnKeywordsBuilder(plan.keywords));  // the parser owns it
    try {
      parser.populateSchema(valijson::adapters::NlohmannJsonAdapter(plan.document), made);
    } catch (const std::exception& why) {
      return Error{500, "bad_schema", std::string("the schema is not usable: ") + why.what()};
    }
    return std::nullopt;
  }

  // What valijson says within so many steps; nullopt if it would take more.
  std::optional<bool> fits(const json& value, look::Watch& watch, valijson::ValidationResults* results) const {
    valijson::Validator validator;
    try {
      return validator.validate(made, look::Adapter(value, &watch), results);
    } catch (const look::TooManySteps&) {
      return std::nullopt;
    }
  }

  std::vector<Misfit> check(const json& value) const {
    Survey survey;
    if (auto wrong = survey.look(value)) return {std::move(*wrong)};
    if (plain.surely_fits(value)) return {};
    look::Watch watch{0, free_steps + steps_each * survey.count()};
    const auto verdict = fits(value, watch, nullptr);
    if (!verdict)
      return {{"", "a value that can be checked in fewer than " + std::to_string(watch.most) + " steps",
               got_in_words(value)}};
    if (*verdict) return {};
    // Again, this time to be told where: about as far as the first misfit, and some way on.
    look::Watch again{0, 4 * watch.steps + 10'000};
    valijson::ValidationResults results;
    fits(value, again, &results);
    return explain(plan, value, places_of(results));
  }
};

Schema::Schema(std::unique_ptr<Body> body) : m_body(std::move(body)) {}
Schema::Schema(Schema&&) noexcept = default;
Schema& Schema::operator=(Schema&&) noexcept = default;
Schema::~Schema() = default;

Result<Schema> Schema::compile(const json& schema) {
  auto plan = read_schema(schema);
  if (!plan) return plan.error();
  auto body = std::make_unique<Body>(schema, std::move(*plan));
  if (auto wrong = body->make()) return *wrong;
  return Schema(std::move(body));
}

std::vector<Misfit> Schema::check(const json& value) const { return m_body->check(value); }

const json& Schema::source() const { return m_body->source; }

std::optional<FlatSchema> Schema::flat() const { return m_body->plain.flat(); }

}  // namespace berth::loader
