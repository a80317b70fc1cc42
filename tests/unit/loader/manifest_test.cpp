// Manifests: what is read out of a good one, and the exact words for each way in which one can be bad.
#include "loader/manifest.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace berth::loader {
namespace {

using nlohmann::json;

json good() {
  return json::parse(R"({
    "berth": {"abi": "1.2"}, "name": "clock", "version": "0.1.0", "summary": "What time is it?",
    "config": {"type": "object", "properties": {"zone": {"type": "string"}}}, "services": ["berth.log/1"], "process": "own",
    "needs": [{"program": "date", "why": "to ask", "get": "apt-get install coreutils"},
              {"library": "libfoo.so.1", "why": "for fun", "get": "…", "optional": true}],
    "operations": [
      {"name": "clock.now", "summary": "The time", "description": "In *Markdown*.\nTwo lines.", "method": "GET",
       "path": "/clock/{zone}", "kind": "call", "scope": "read", "concurrent": true, "hints": {"read_only": true, "idempotent": true},
       "input": {"type": "object", "properties": {"zone": {"type": "string"}}, "required": ["zone"]},
       "output": {"type": "object"}, "tags": ["time"]},
      {"name": "clock.files.read", "summary": "A file", "method": "GET", "path": "/clock/files/{path...}", "kind": "download",
       "scope": "admin", "blocking": true, "input": {"type": "object", "properties": {"path": {"type": "string"}}}, "max_body": 5},
      {"name": "clock.tick", "summary": "Ticks", "method": "POST", "path": "/clock/tick-s_~.x", "kind": "stream", "scope": "run",
       "resumable": true, "hints": {"destructive": true, "open_world": true}, "input": {"type": "object", "additionalProperties": true}}
    ]})");
}

// Before anything of its library is loaded.
TEST(Manifest, OfAnotherMajorIsRefused) {
  json other = good();
  other["berth"]["abi"] = "2.0";
  const auto manifest = Manifest::parse(other.dump());
  ASSERT_FALSE(manifest);
  EXPECT_NE(manifest.error().message.find("is 2.0, and this host speaks 1."), std::string::npos)
      << manifest.error().message;
}

TEST(Manifest, IsRead) {
  const auto manifest = Manifest::parse(good().dump());
  ASSERT_TRUE(manifest) << manifest.error().message;
  EXPECT_EQ(manifest->abi_major, 1u);
  EXPECT_EQ(manifest->abi_minor, 2u);
  EXPECT_EQ(manifest->name, "clock");
  EXPECT_EQ(manifest->version, "0.1.0");
  EXPECT_EQ(manifest->summary, "What time is it?");
  EXPECT_TRUE(manifest->own_process);
  EXPECT_EQ(manifest->services, std::vector<std::string>{"berth.log/1"});
  ASSERT_EQ(manifest->needs.size(), 2u);
  EXPECT_EQ(manifest->needs[0].what, Need::What::program);
  EXPECT_EQ(manifest->needs[0].name, "date");
  EXPECT_EQ(manifest->needs[1].what, Need::What::library);
  EXPECT_TRUE(manifest->needs[1].optional);
  ASSERT_EQ(manifest->operations.size(), 3u);
  const Operation& now = manifest->operations[0];
  EXPECT_EQ(now.name, "clock.now");
  EXPECT_EQ(now.description, "In *Markdown*.\nTwo lines.");
  EXPECT_EQ(now.method, "GET");
  EXPECT_EQ(now.path, "/clock/{zone}");
  EXPECT_EQ(now.kind, Kind::call);
  EXPECT_EQ(now.scope, session::Scope::read);
  EXPECT_TRUE(now.concurrent && now.read_only && now.idempotent);
  EXPECT_FALSE(now.blocking || now.resumable || now.destructive || now.open_world);
  EXPECT_EQ(now.output, json({{"type", "object"}}));
  EXPECT_EQ(now.tags, std::vector<std::string>{"time"});
  const Operation& file = manifest->operations[1];
  EXPECT_EQ(file.kind, Kind::download);
  EXPECT_TRUE(file.blocking);
  EXPECT_EQ(file.max_body, 5u);
  EXPECT_TRUE(file.output.is_null());
  EXPECT_TRUE(manifest->operations[2].resumable && manifest->operations[2].destructive &&
              manifest->operations[2].open_world);
}

TEST(Manifest, ClosesInputsThatDoNotSayOtherwise) {
  json given = good();
  given["operations"][1]["input"]["allOf"] = {{{"properties", {{"more", true}}}}};
  const auto manifest = Manifest::parse(given.dump());
  ASSERT_TRUE(manifest) << manifest.error().message;
  EXPECT_EQ(manifest->operations[0].input["additionalProperties"], false);
  EXPECT_FALSE(manifest->operations[1].input.contains("additionalProperties"));
  EXPECT_EQ(manifest->operations[2].input["additionalProperties"], true);
  EXPECT_EQ(manifest->config["additionalProperties"], false);
  given.erase("config");
  EXPECT_TRUE(Manifest::parse(given.dump())->config.is_null());
}

TEST(Manifest, TakesTheDigestOfItsLibrary) {
  json given = good();
  EXPECT_EQ(Manifest::parse(given.dump())->sha256, "");
  given["sha256"] = std::string(64, 'a');
  EXPECT_EQ(Manifest::parse(given.dump())->sha256, std::string(64, 'a'));
}

TEST(Manifest, TheDigestIsPutInLast) {
  const std::string member = ",\"sha256\":\"abc\"";
  EXPECT_EQ(text_with_digest("{\"a\":{}}", "abc"), "{\"a\":{}" + member + "}");
  EXPECT_EQ(text_with_digest("{\"a\":1} \n", "abc"), "{\"a\":1" + member + "} \n");
  EXPECT_EQ(text_with_digest("", "abc"), "");
}

std::string misfit(const json& manifest) {
  const auto parsed = Manifest::parse(manifest.dump());
  if (parsed) return "accepted";
  EXPECT_EQ(parsed.error().code, "bad_manifest");
  EXPECT_EQ(parsed.error().status, 500);
  return parsed.error().message;
}

// A good manifest in which one place is changed.
std::string misfit(const char* pointer, const json& value) {
  json manifest = good();
  manifest[json::json_pointer(pointer)] = value;
  return misfit(manifest);
}

std::string misfit_without(const char* pointer) {
  json manifest = good();
  const json::json_pointer place(pointer);
  manifest[place.parent_pointer()].erase(place.back());
  return misfit(manifest);
}

TEST(Manifest, RefusesBadTopLevels) {
  EXPECT_EQ(misfit(json::array()), "the manifest: must be an object");
  EXPECT_EQ(misfit_without("/berth"), "berth: is missing; is this a Berth manifest?");
  EXPECT_EQ(misfit("/berth", 1), "berth: must be an object");
  EXPECT_EQ(misfit("/berth/abl", 1), "berth: unknown field \"abl\"; did you mean \"abi\"?");
  for (const char* abi : {"1", "1.", ".1", "1.0.0", "a.b", "-1.0", "1.99999999999", " 1.0"}) {
    EXPECT_EQ(misfit("/berth/abi", abi), "berth.abi: must be MAJOR.MINOR, such as \"1.0\"") << abi;
  }
  EXPECT_EQ(misfit("/berth/abi", 1), "berth.abi: must be a string");
  EXPECT_EQ(misfit("/opperations", 1), "the manifest: unknown field \"opperations\"; did you mean \"operations\"?");
  EXPECT_EQ(misfit("/name", "Clock"), "name: must be a word of a-z 0-9 _ that begins with a letter");
  EXPECT_EQ(misfit("/name", "1"), "name: must be a word of a-z 0-9 _ that begins with a letter");
  EXPECT_EQ(misfit("/name", "../x"), "name: must be a word of a-z 0-9 _ that begins with a letter");
  for (const char* own : {"host", "plugin", "job", "events", "jobs", "plugins", "status", "docs", "uploads"})
    EXPECT_EQ(misfit("/name", own), "name: \"" + std::string(own) + "\" is the host's own");
  EXPECT_EQ(misfit_without("/version"), "version: is missing");
  EXPECT_EQ(misfit("/summary", ""), "summary: is empty");
  for (const json& bad :
       {json(std::string(64, 'A')), json(std::string(63, 'a')), json(std::string(65, 'a')), json("x")})
    EXPECT_EQ(misfit("/sha256", bad), "sha256: must be 64 digits of 0-9 a-f") << bad;
  EXPECT_EQ(misfit("/sha256", ""), "sha256: is empty");
  EXPECT_EQ(misfit("/sha256", 1), "sha256: must be a string");
  EXPECT_EQ(misfit("/summary", "a\nb"), "summary: must be one line");
  EXPECT_EQ(misfit("/summary", std::string(201, 'x')), "summary: is longer than 200 bytes");
  EXPECT_EQ(misfit("/config", {{"type", "string"}}),
            "config: must be the schema of an object: {\"type\": \"object\", …}");
  EXPECT_EQ(misfit("/config/properties/zone/type", "text"),
            "config: the schema is not usable: at /properties/zone/type: \"text\" is not a type; types are null, "
            "boolean, integer, "
            "number, string, array, object");
  EXPECT_EQ(misfit("/process", "host"), "process: can only be \"own\"");
  EXPECT_EQ(misfit("/process", 1), "process: must be a string");
  EXPECT_EQ(misfit("/services", "x"), "services: must be a list of at most 100");
  EXPECT_EQ(misfit("/services/0", 5), "services: must be a list of short strings");
  EXPECT_EQ(misfit("/needs/0/file", "/x"), "needs[0]: must have exactly one of program, file and library");
  EXPECT_EQ(misfit_without("/needs/0/program"), "needs[0]: must have exactly one of program, file and library");
  EXPECT_EQ(misfit_without("/needs/1/why"), "needs[1].why: is missing");
  EXPECT_EQ(misfit("/needs/1", 5), "needs[1]: must be an object");
  EXPECT_EQ(misfit("/operations", json::object()), "operations: must be a list of at most 500");
  EXPECT_EQ(misfit("/operations", std::vector<int>(501)), "operations: must be a list of at most 500");
}

TEST(Manifest, RefusesBadOperations) {
  const std::string at = "operations[2]";
  EXPECT_EQ(misfit("/operations/2", nullptr), at + ": must be an object");
  EXPECT_EQ(misfit("/operations/2/pth", 1), at + ": unknown field \"pth\"; did you mean \"path\"?");
  EXPECT_EQ(misfit("/operations/2/name", "tick"), at + ".name: must begin with the plugin's name, \"clock.\"");
  EXPECT_EQ(misfit("/operations/2/name", "clock"), at + ".name: must be the plugin's name, a dot, and a word");
  EXPECT_EQ(misfit("/operations/2/name", "clock."), at + ".name: must be words of a-z 0-9 _ joined by dots");
  EXPECT_EQ(misfit("/operations/2/name", "clock.Tick"), at + ".name: must be words of a-z 0-9 _ joined by dots");
  EXPECT_EQ(misfit("/operations/2/name", "clock.now"), at + ".name: there is another operation of this name");
  EXPECT_EQ(misfit_without("/operations/2/summary"), at + ".summary: is missing");
  EXPECT_EQ(misfit("/operations/2/description", 1), at + ".description: must be a string");
  EXPECT_EQ(misfit("/operations/2/method", "FETCH"), at + ".method: must be GET, POST, PUT, PATCH or DELETE");
  EXPECT_EQ(misfit("/operations/2/method", "DELETE"), at + ".method: a stream or a download is a GET or a POST");
  EXPECT_EQ(misfit("/operations/2/kind", "streem"),
            at + ".kind: must be call, stream, upload, download, socket or http");
  EXPECT_EQ(misfit("/operations/2/scope", "root"), at + ".scope: must be read, run or admin");
  EXPECT_EQ(misfit("/operations/2/scope", "open"), at + ".scope: must be read, run or admin");
  EXPECT_EQ(misfit("/operations/2/concurrent", 1), at + ".concurrent: must be true or false");
  EXPECT_EQ(misfit("/operations/0/resumable", true), "operations[0].resumable: only a stream can be resumed");
  EXPECT_EQ(misfit("/operations/0/announced", true), "operations[0].announced: only an upload is announced");
  EXPECT_EQ(misfit("/operations/2/smoke", json::object()), at + ".smoke: only a call can be tried");
  EXPECT_EQ(misfit("/operations/0/smoke", {{"zone", 1}}),
            "operations[0].smoke: does not fit the input: /zone should be a string, but is the integer 1");
  EXPECT_EQ(misfit("/operations/0/smoke", {{"zone", "CET"}}), "accepted");
  EXPECT_EQ(misfit("/operations/2/in_status", {"ticks"}),
            at + ".in_status: only a call by GET can have a part in /status");
  EXPECT_EQ(misfit("/operations/0/in_status", {"time"}),
            "operations[0].in_status: the host asks without any input, and this operation wants some");
  EXPECT_EQ(misfit("/operations/0/in_status", {1}), "operations[0].in_status: must be a list of short strings");
  EXPECT_EQ(misfit("/operations/2/hints/readonly", true),
            at + ".hints: unknown field \"readonly\"; did you mean \"read_only\"?");
  EXPECT_EQ(misfit("/operations/2/hints", 1), at + ".hints: must be an object");
  EXPECT_EQ(misfit("/operations/2/tags", {1}), at + ".tags: must be a list of short strings");
  EXPECT_EQ(misfit("/operations/2/max_body", -1), at + ".max_body: must be a number of bytes");
  EXPECT_EQ(misfit_without("/operations/2/input"), at + ".input: is missing");
  EXPECT_EQ(misfit("/operations/2/input", true), at + ".input: must be a JSON Schema, which is an object");
  EXPECT_EQ(misfit("/operations/2/input/$ref", "https://example.org/x").substr(0, 52),
            at + ".input: the schema is not usable: at /$");
  EXPECT_EQ(misfit("/operations/2/output", {{"patern", "x"}}),
            at + ".output: the schema is not usable: at /patern: this keyword is not supported; did you mean pattern?");
}

TEST(Manifest, AllowsOnlyFittingMethods) {
  const auto accepted = [](const char* kind, const char* method) {
    json manifest = good();
    json& operation = manifest["operations"][2];
    operation.erase("resumable");
    operation["kind"] = kind;
    operation["method"] = method;
    return misfit(manifest) == "accepted";
  };
  const std::pair<const char*, std::string> fitting[] = {{"call", "GET POST PUT PATCH DELETE"},
                                                         {"stream", "GET POST"},
                                                         {"download", "GET POST"},
                                                         {"upload", "POST PUT"},
                                                         {"socket", "GET"},
                                                         {"http", "GET POST PUT PATCH DELETE"}};
  for (const auto& [kind, methods] : fitting) {
    for (const char* method : {"GET", "POST", "PUT", "PATCH", "DELETE"}) {
      EXPECT_EQ(accepted(kind, method),
                (" " + methods + " ").find(std::string(" ") + method + " ") != std::string::npos)
          << kind << method;
    }
  }
}

TEST(Manifest, RefusesBadPaths) {
  const std::string at = "operations[0].path: ";
  const std::string grammar = at + "has a segment that is not letters, digits and - _ ~ .";
  const std::string parameter = at + "has a parameter that is not {name}, or, as its last segment, {name...}";
  const std::pair<const char*, std::string> cases[] = {
      {"clock", at + "must begin with / and name something"},
      {"/", at + "must begin with / and name something"},
      {"/clock/", grammar},
      {"/clock//x", grammar},
      {"/clock/../x", grammar},
      {"/clock/./x", grammar},
      {"/clock/a b", grammar},
      {"/clock/%2e", grammar},
      {"/clock/*", grammar},
      {"/clock/:x", grammar},
      {"/clock/x?y", grammar},
      {"/clock/\xc3\xa9", grammar},
      {"/clock/{zone", parameter},
      {"/clock/{}", parameter},
      {"/clock/x{zone}", parameter},
      {"/clock/{Zone}", parameter},
      {"/clock/{zone...}/x", parameter},
      {"/clock/{zone..}", parameter},
      {"/clock/{other}", at + "has the parameter {other}, which is not a field of the input"},
      {"/clock/{zone}/{zone}", at + "has two parameters {zone}"},
      {"/{zone}", at + "must begin with a segment that is not a parameter"},
      {"/sessions/x", at + "/sessions belongs to the host"},
      {"/uploads", at + "/uploads belongs to the host"},
      {"/jobs/x", at + "/jobs belongs to the host"},
      {"/openapi.json", at + "/openapi.json belongs to the host"},
      {"/metrics", at + "/metrics belongs to the host"},
  };
  for (const auto& [path, why] : cases) EXPECT_EQ(misfit("/operations/0/path", path), why) << path;
  EXPECT_EQ(misfit("/operations/0/path", "/clock/{zone...}"), "accepted");
  std::string longest;
  for (int i = 0; i < 33; ++i) longest += "/a";
  EXPECT_EQ(misfit("/operations/0/path", longest), at + "has more than 32 segments");
  json twin = good();
  twin["operations"][2] = twin["operations"][0];
  twin["operations"][2]["name"] = "clock.twin";
  twin["operations"][2]["path"] = "/clock/{city}";
  twin["operations"][2]["input"]["properties"]["city"] = json::object();
  EXPECT_EQ(misfit(twin),
            "operations[2].path: there is another operation of this method and this path, but for the names of its "
            "parameters");
  twin["operations"][2]["method"] = "POST";
  EXPECT_EQ(misfit(twin), "accepted");
}

TEST(Manifest, SurvivesAnyText) {
  const auto why = [](std::string_view text) {
    const auto parsed = Manifest::parse(text);
    return parsed ? "accepted" : parsed.error().message;
  };
  EXPECT_EQ(why(""), "the manifest is not JSON");
  EXPECT_EQ(why("{"), "the manifest is not JSON");
  EXPECT_EQ(why("\xff"), "the manifest is not JSON");
  EXPECT_EQ(why(good().dump() + std::string(1, '\0')), "the manifest is not JSON");
  EXPECT_EQ(why(std::string(1'000'000, '[')), "the manifest is nested more than 64 levels deep");
  EXPECT_EQ(why(std::string((1u << 20) + 1, ' ')), "the manifest is larger than 1 MiB");
  const std::string text = good().dump();
  for (std::size_t end = 0; end < text.size(); end += 7)
    EXPECT_NE(why(std::string_view(text).substr(0, end)), "accepted");
}

}  // namespace
}  // namespace berth::loader
