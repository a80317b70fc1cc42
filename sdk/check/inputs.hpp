// Makes inputs that fit a schema, at its edges first: minimums, maximums, empty and long texts, other scripts, control
// characters. The same seed makes the same inputs.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <random>
#include <string>
#include <vector>

namespace berth::check {

class Inputs {
 public:
  Inputs(nlohmann::json schema, std::uint64_t seed);

  // The required fields alone, as their examples and defaults have them. Nothing if no value could be found for one.
  std::optional<nlohmann::json> plain();
  // At most so many different ones, plain() first; each fits as far as misfit() can tell.
  std::vector<nlohmann::json> make(std::size_t at_most);
  // Why there is none, after plain() gave nothing.
  const std::string& why() const { return m_why; }

 private:
  using Json = nlohmann::json;
  std::vector<Json> values(const Json& schema, int depth);  // the plainest first, all of them fitting
  std::vector<Json> given(const Json& schema);              // what the schema itself says
  std::vector<Json> numbers(const Json& schema, bool whole);
  std::vector<Json> texts(const Json& schema);
  std::vector<Json> arrays(const Json& schema, int depth);
  std::vector<Json> objects(const Json& schema, int depth);
  std::size_t pick(std::size_t count);

  const Json m_schema;
  std::mt19937_64 m_random;
  std::string m_why;
};

}  // namespace berth::check
