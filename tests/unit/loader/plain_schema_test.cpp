// A look at a plain schema must say the same as valijson does. Wrapped into an allOf, a schema is not plain any more
// and goes valijson's way.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <random>

#include "loader/schema/schema.hpp"

namespace berth::loader {
namespace {

using nlohmann::json;

class Dice {
 public:
  explicit Dice(unsigned seed) : m_engine(seed) {}
  unsigned below(unsigned most) { return static_cast<unsigned>(m_engine() % most); }
  bool often() { return below(3) > 0; }

  json value(unsigned levels) {
    switch (below(levels > 0 ? 8 : 6)) {
      case 0: return nullptr;
      case 1: return below(2) == 0;
      case 2: return static_cast<int>(below(7)) - 3;
      case 3: return below(7) / 2.0;
      case 4: return std::string(below(5), 'x');
      case 5: return json::array();
      case 6: return items(levels);
      default: return fields(levels);
    }
  }

  json schema(unsigned levels) {
    json made = json::object();
    if (often()) made["type"] = types[below(std::size(types))];
    if (below(4) == 0) made["minimum"] = 0;
    if (below(4) == 0) made["maxLength"] = below(4);
    if (below(5) == 0) made["enum"] = {value(0), value(0), 1, "xx"};
    if (below(6) == 0) made["minItems"] = below(3);
    if (below(9) == 0) made["anyOf"] = {{{"type", "integer"}}, {{"type", "object"}}};
    if (levels > 0) nested(made, levels - 1);
    return made;
  }

 private:
  void nested(json& made, unsigned levels) {
    if (often()) {
      for (const char* name : {"a", "b"}) made["properties"][name] = schema(levels);
    }
    if (below(3) == 0) made["required"] = {"a"};
    if (below(3) == 0) made["additionalProperties"] = false;
    if (below(5) == 0) made["additionalProperties"] = schema(levels);
    if (below(3) == 0) made["items"] = schema(levels);
  }
  json items(unsigned levels) {
    json made = json::array();
    for (auto count = below(4); count > 0; --count) made.push_back(value(levels - 1));
    return made;
  }
  json fields(unsigned levels) {
    json made = json::object();
    for (const char* name : {"a", "b", "c"}) {
      if (often()) made[name] = value(levels - 1);
    }
    return made;
  }

  static constexpr const char* types[] = {"null",   "boolean", "integer", "number",
                                          "string", "array",   "object",  "object"};
  std::mt19937 m_engine;
};

TEST(PlainSchema, AgreesWithValijson) {
  Dice dice(5);
  int fitting = 0;
  for (int i = 0; i < 3'000; ++i) {
    const json source = dice.schema(3);
    const auto plain = Schema::compile(source), wrapped = Schema::compile({{"allOf", {source}}});
    ASSERT_TRUE(plain && wrapped) << source;
    for (int k = 0; k < 10; ++k) {
      const json value = dice.value(3);
      const bool fits = plain->check(value).empty();
      fitting += fits ? 1 : 0;
      ASSERT_EQ(fits, wrapped->check(value).empty()) << source << "\n" << value;
    }
  }
  EXPECT_GT(fitting, 3'000);
}

}  // namespace
}  // namespace berth::loader
