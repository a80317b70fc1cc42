// The OpenAPI description: that it says what there is, and that it is OpenAPI.
#include "routing/openapi.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>
#include <set>

#include "unit/service/folder.hpp"

namespace berth::routing {
namespace {

using loader::Kind;
using loader::Operation;
using nlohmann::json;

Operation operation(const char* name, const char* method, const char* path, Kind kind,
                    const char* input = R"({"type": "object"})") {
  Operation made;
  made.name = name;
  made.summary = std::string("About ") + name;
  made.method = method;
  made.path = path;
  made.kind = kind;
  made.input = json::parse(input);
  return made;
}

std::vector<Operation> operations() {
  std::vector<Operation> all{
      operation("clock.now", "GET", "/clock/{zone}", Kind::call,
                R"({"type": "object", "additionalProperties": false, "required": ["zone", "count"], "properties": {
                    "zone": {"type": "string", "description": "Where"}, "count": {"type": "integer"}, "flag": {"type": "boolean"}}})"),
      operation(
          "clock.set", "PUT", "/clock/{zone}", Kind::call,
          R"({"type": "object", "required": ["zone", "time"], "properties": {"zone": {"type": "string"}, "time": {"type": "string"}}})"),
      operation("clock.drop", "DELETE", "/clock/{zone}", Kind::call,
                R"({"type": "object", "properties": {"zone": {}, "why": {}}})"),
      operation("files.read", "GET", "/files/{path...}", Kind::download,
                R"({"type": "object", "properties": {"path": {"type": "string"}}})"),
      operation("files.write", "POST", "/files/{path...}", Kind::upload,
                R"({"type": "object", "properties": {"path": {"type": "string"}, "mode": {"type": "integer"}}})"),
      operation("probe.count", "GET", "/probe/count", Kind::stream),
      operation("probe.chat", "GET", "/probe/chat", Kind::socket),
      operation("host.livez", "GET", "/livez", Kind::call),
      operation(
          "tree.grow", "POST", "/tree", Kind::call,
          R"({"type": "object", "properties": {"root": {"$ref": "#/$defs/node"}, "self": {"$ref": "#"}, "old": {"$ref":
                    "#/definitions/odd name"}}, "$schema": "https://json-schema.org/draft/2020-12/schema",
                    "$defs": {"node": {"type": "object", "properties": {"next": {"$ref": "#/$defs/node"}}}},
                    "definitions": {"odd name": {"type": "string"}}})")};
  all.push_back(operation("speech.talk", "POST", "/speech", Kind::http));
  all.back().methods = {"GET"};
  all.push_back(operation("speech.listen", "GET", "/listening", Kind::http));
  all.back().methods = {"POST"};
  all[0].scope = session::Scope::read;
  all[0].description = "Tells the *time*.";
  all[0].output = {{"type", "object"}, {"properties", {{"time", {{"type", "string"}}}}}};
  all[0].read_only = true;
  all[4].announced = true;
  all[5].resumable = true;
  all[7].scope = session::Scope::open;
  all[8].max_body = 7;
  all[8].tags = {"growing"};
  all[8].output = {{"$ref", "#/$defs/out"}, {"$defs", {{"out", {{"type", "null"}}}}}};
  return all;
}

const json& document() {
  static const json made = openapi_document(operations(), "1.2.3", {"clock", "probe"});
  return made;
}

std::set<std::string> names_of(const json& parameters, const std::string& where) {
  std::set<std::string> names;
  for (const auto& one : parameters) {
    if (one["in"] == where) names.insert(one["name"].get<std::string>() + (one["required"].get<bool>() ? "!" : ""));
  }
  return names;
}

using Names = std::set<std::string>;

TEST(OpenApi, DescribesACallWithoutBody) {
  const json& now = document()["paths"]["/clock/{zone}"]["get"];
  EXPECT_EQ(now["operationId"], "clock.now");
  EXPECT_EQ(now["summary"], "About clock.now");
  EXPECT_EQ(now["description"], "Tells the *time*.");
  EXPECT_EQ(now["tags"], json({"clock"}));
  EXPECT_EQ(now["x-berth-scope"], "read");
  EXPECT_EQ(now["x-berth-kind"], "call");
  EXPECT_EQ(now["x-berth-session"], true);
  EXPECT_EQ(now["x-berth-hints"]["read_only"], true);
  EXPECT_FALSE(now.contains("requestBody"));
  EXPECT_EQ(names_of(now["parameters"], "path"), Names{"zone!"});
  EXPECT_EQ(names_of(now["parameters"], "query"), (Names{"count!", "flag"}));
  EXPECT_EQ(now["parameters"][2]["description"], "Where");
  EXPECT_EQ(now["responses"]["200"]["content"]["application/json"]["schema"]["properties"]["time"]["type"], "string");
  EXPECT_EQ(now["responses"]["default"]["$ref"], "#/components/responses/Problem");
  EXPECT_EQ(names_of(document()["paths"]["/clock/{zone}"]["delete"]["parameters"], "query"), Names{"why"});
}

TEST(OpenApi, PutsTheRestOfTheFieldsIntoTheBody) {
  const json& set = document()["paths"]["/clock/{zone}"]["put"];
  EXPECT_EQ(names_of(set["parameters"], "path"), Names{"zone!"});
  EXPECT_EQ(names_of(set["parameters"], "query"), Names{});
  EXPECT_EQ(set["requestBody"]["required"], true);
  const json& schema = set["requestBody"]["content"]["application/json"]["schema"];
  EXPECT_EQ(schema["required"], json({"time"}));
  EXPECT_FALSE(schema["properties"].contains("zone"));
  EXPECT_TRUE(schema["properties"].contains("time"));
}

TEST(OpenApi, TellsTheKindsApart) {
  const json& paths = document()["paths"];
  const json& read = paths["/files/{path}"]["get"];
  EXPECT_TRUE(read["responses"]["200"]["content"].contains("application/octet-stream"));
  EXPECT_TRUE(read["responses"].contains("206"));
  EXPECT_EQ(read["parameters"][0]["x-berth-rest"], true);
  const json& write = paths["/files/{path}"]["post"];
  EXPECT_TRUE(write["requestBody"]["content"].contains("application/octet-stream"));
  EXPECT_EQ(names_of(write["parameters"], "query"), Names{"mode"});
  EXPECT_EQ(write["x-berth-announced"], true);
  EXPECT_TRUE(paths["/probe/count"]["get"]["responses"]["200"]["content"].contains("text/event-stream"));
  EXPECT_EQ(paths["/probe/count"]["get"]["x-berth-resumable"], true);
  EXPECT_TRUE(paths["/probe/chat"]["get"]["responses"].contains("101"));
  EXPECT_FALSE(paths["/probe/chat"]["get"]["responses"].contains("200"));
  EXPECT_EQ(paths["/livez"]["get"]["security"], json::array());
  EXPECT_FALSE(paths["/probe/chat"]["get"].contains("security"));
  EXPECT_EQ(paths["/tree"]["post"]["x-berth-max-body"], 7);
  EXPECT_EQ(paths["/tree"]["post"]["x-berth-tags"], json({"growing"}));
}

TEST(OpenApi, ShowsThatACallMayBeAnsweredByAJob) {
  const json& call = document()["paths"]["/clock/{zone}"]["put"]["responses"];
  EXPECT_EQ(call["202"]["$ref"], "#/components/responses/Job");
  EXPECT_TRUE(call.contains("200"));
  const json& job = document()["components"]["responses"]["Job"];
  EXPECT_EQ(job["content"]["application/json"]["schema"]["required"], json({"job"}));
  EXPECT_TRUE(job["headers"].contains("Location"));
  EXPECT_FALSE(document()["paths"]["/probe/count"]["get"]["responses"].contains("202"));  // a stream
  EXPECT_FALSE(document()["paths"]["/tree"]["post"]["responses"].contains("202"));        // of a plugin without jobs
}

TEST(OpenApi, IsAWholeDocument) {
  EXPECT_EQ(document()["openapi"], "3.1.0");
  EXPECT_EQ(document()["info"]["version"], "1.2.3");
  EXPECT_EQ(document()["security"], json::parse(R"([{"token": []}])"));
  EXPECT_EQ(document()["components"]["securitySchemes"]["token"],
            json::parse(R"({"type": "http", "scheme": "bearer"})"));
  EXPECT_EQ(document()["tags"].size(), 6u);
  EXPECT_EQ(openapi_document({}, "0")["paths"], json::object());
}

void each_reference(const json& node, const std::function<void(const std::string&)>& visit) {
  if (node.is_object() && node.contains("$ref")) visit(node["$ref"].get<std::string>());
  if (!node.is_structured()) return;
  for (const auto& inner : node) each_reference(inner, visit);
}

// A schema's own "#/$defs/x" would lead nowhere in this document.
TEST(OpenApi, HasOnlyReferencesThatLeadSomewhere) {
  std::set<std::string> targets;
  each_reference(document(), [&](const std::string& target) {
    targets.insert(target);
    ASSERT_EQ(target.substr(0, 2), "#/");
    EXPECT_TRUE(document().contains(json::json_pointer(target.substr(1)))) << target;
  });
  EXPECT_TRUE(targets.contains("#/components/schemas/tree.grow.input.node"));
  EXPECT_TRUE(targets.contains("#/components/schemas/tree.grow.input.odd_name"));
  EXPECT_TRUE(targets.contains("#/components/schemas/tree.grow.input"));
  EXPECT_TRUE(targets.contains("#/components/schemas/tree.grow.output.out"));
  EXPECT_EQ(document().dump().find("$defs"), std::string::npos);
}

TEST(OpenApi, HasAParameterForEachTemplate) {
  std::set<std::string> ids;
  for (const auto& [path, item] : document()["paths"].items()) {
    Names wanted;
    for (std::size_t at = path.find('{'); at != std::string::npos; at = path.find('{', at + 1)) {
      wanted.insert(path.substr(at + 1, path.find('}', at) - at - 1) + "!");
    }
    for (const auto& [method, one] : item.items()) {
      EXPECT_EQ(names_of(one.value("parameters", json::array()), "path"), wanted) << method << path;
      EXPECT_TRUE(ids.insert(one["operationId"]).second);
      EXPECT_GE(one["responses"].size(), 2u);
    }
  }
  std::size_t methods = 0;
  for (const auto& one : operations()) methods += 1 + one.methods.size();
  EXPECT_EQ(ids.size(), methods);
}

// Against the official meta-schema.
TEST(OpenApi, FitsTheMetaSchema) {
  const char* modules = std::getenv("NODE_PATH");
  const std::string validator = (modules ? modules : "") + std::string("/@seriousme/openapi-schema-validator/index.js");
  if (!std::filesystem::exists(validator) || std::system("command -v node >/dev/null") != 0) {
    GTEST_SKIP() << "there is no node, or no @seriousme/openapi-schema-validator in $NODE_PATH";
  }
  const test::Folder folder;
  test::put(folder.file("openapi.json"), document().dump());
  const std::string command = "node --input-type=module -e \"import { Validator } from '" + validator +
                              "'; const result = await new Validator().validate('" + folder.file("openapi.json") +
                              "'); if (!result.valid) { console.error(JSON.stringify(result.errors, null, 1)); "
                              "process.exit(1); }\"";
  EXPECT_EQ(std::system(command.c_str()), 0);
}

TEST(OpenApi, OneOfHttpIsThereWithEachOfItsMethods) {
  const json& item = document()["paths"]["/speech"];
  EXPECT_EQ(item["post"]["operationId"], "speech.talk");
  EXPECT_EQ(item["get"]["operationId"], "speech.talk.get");
  EXPECT_EQ(item["post"]["x-berth-kind"], "http");
  EXPECT_TRUE(item["post"]["requestBody"]["content"].contains("*/*"));
  EXPECT_FALSE(item["get"].contains("requestBody"));
  const json& other = document()["paths"]["/listening"];
  EXPECT_FALSE(other["get"].contains("requestBody"));
  EXPECT_TRUE(other["post"]["requestBody"]["content"].contains("*/*"));
}

}  // namespace
}  // namespace berth::routing
