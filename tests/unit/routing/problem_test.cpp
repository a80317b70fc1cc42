// RFC 9457 texts.
#include "routing/problem.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace berth::routing {
namespace {

using nlohmann::json;

TEST(Problem, HasEveryMember) {
  service::Error error{422, "invalid_input", "the input does not fit", "read /docs"};
  error.misfits = {{"/zone", "a string", "the integer 5"}, {"", "an object", "null"}};
  error.retry_after = std::chrono::seconds(3);
  EXPECT_EQ(json::parse(problem_json(error, "/clock/now")), json::parse(R"({"type": "urn:berth:problem:invalid_input",
      "title": "Unprocessable Content", "status": 422, "detail": "the input does not fit", "instance": "/clock/now",
      "code": "invalid_input", "hint": "read /docs", "retry_after": 3, "errors": [
      {"pointer": "/zone", "expected": "a string", "got": "the integer 5"}, {"pointer": "", "expected": "an object", "got": "null"}]})"));
}

TEST(Problem, LeavesOutWhatThereIsNot) {
  EXPECT_EQ(
      json::parse(problem_json({404, "not_found", "nothing answers /x"}, "/x")),
      json::parse(
          R"({"type": "urn:berth:problem:not_found", "title": "Not Found", "status": 404, "detail": "nothing answers /x",
                            "instance": "/x", "code": "not_found"})"));
}

TEST(Problem, IsJsonWhateverTheTextsAre) {
  const std::string nasty("\"\\\n\0\xff</script>", 15);
  const auto parsed = json::parse(problem_json({400, nasty, nasty, nasty}, nasty));
  EXPECT_EQ(parsed["status"], 400);
}

TEST(Problem, KnowsReasons) {
  EXPECT_EQ(reason_of(200), "OK");
  EXPECT_EQ(reason_of(416), "Range Not Satisfiable");
  EXPECT_EQ(reason_of(455), "Client Error");
  EXPECT_EQ(reason_of(599), "Server Error");
  for (const int status :
       {400, 401, 403, 404, 405, 406, 408, 409, 413, 414, 415, 416, 417, 421, 422, 426, 429, 431, 500, 503, 505, 507}) {
    EXPECT_EQ(reason_of(status).find("Error"), status == 500 ? 16u : std::string_view::npos) << status;
  }
}

}  // namespace
}  // namespace berth::routing
