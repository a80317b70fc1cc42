// What a declaration says becomes a manifest that the host accepts, the same bytes each time; one with a mistake in it
// becomes none.
#include <berth/plugin.hpp>
#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "loader/manifest.hpp"
#include "loader/schema/schema.hpp"

namespace berth {
namespace {

struct All {
  static void declare(Declaration<All>& d) {
    d.plugin("whole", "2.1.0", "Says all there is to say");
    d.config(object({optional("folder", string())}));
    d.service("berth.log/1");
    d.needs("program", "tectonic", "typesets", "apt-get install tectonic");
    d.needs("library", "libfoo.so.1", "foos", "apt-get install libfoo1", true);
    d.post("all", "/whole/{name}")
        .summary("All words")
        .description("In *Markdown*.")
        .scope(berth::admin)
        .input(object({field("name", string().min_length(1).max_length(9).pattern("^[a-z]+$").example("abc")),
                       optional("n", integer().minimum(1).maximum(10).otherwise(3)),
                       optional("how", string().one_of({"fast", "slow"})),
                       optional("list", array(number()).min_items(1).max_items(4)), optional("any", anything()),
                       optional("flag", boolean().set("title", "Flag"))}))
        .output(object())
        .concurrent()
        .blocking()
        .tag("one")
        .tag("two")
        .max_body(1000)
        .read_only()
        .destructive()
        .idempotent()
        .open_world()
        .handle([](const Json& in) { return in; });
    d.get("get", "/whole/get").in_status({"mood", "hunger"}).handle([](const Json& in) { return in; });
    d.put("put", "/whole/put").handle([](const Json& in) { return in; });
    d.patch("patch", "/whole/patch").handle([](const Json& in) { return in; });
    d.del("del", "/whole/del").handle([](const Json& in) { return in; });
    d.stream("stream", "/whole/stream").resumable().handle([](Call) {});
    d.stream("ask", "/whole/ask", "POST").handle([](Call) {});
    d.upload("upload", "/whole/upload").announced().handle([](Call) {});
    d.download("download", "/whole/download").handle([](Call) {});
    d.socket("socket", "/whole/socket").handle([](Call) {});
    d.http("http", "/whole/http", {"POST", "GET"}).headers({"accept", "mcp-*"}).handle([](Call) {});
  }
};

std::string_view text_of(const berth_plugin* plugin) { return {plugin->manifest.data, plugin->manifest.size}; }

TEST(DeclarationTest, BecomesAManifestThatTheHostAccepts) {
  const auto manifest = loader::Manifest::parse(text_of(detail::entry<All>()));
  ASSERT_TRUE(manifest) << manifest.error().message;
  EXPECT_EQ(manifest->name, "whole");
  EXPECT_EQ(manifest->version, "2.1.0");
  EXPECT_EQ(manifest->abi_major, BERTH_ABI_MAJOR);
  EXPECT_EQ(manifest->abi_minor, BERTH_ABI_MINOR);
  EXPECT_EQ(manifest->services, std::vector<std::string>{"berth.log/1"});
  EXPECT_FALSE(manifest->config.is_null());
  ASSERT_EQ(manifest->needs.size(), 2u);
  EXPECT_EQ(manifest->needs[0].what, loader::Need::What::program);
  EXPECT_EQ(manifest->needs[0].why, "typesets");
  EXPECT_FALSE(manifest->needs[0].optional);
  EXPECT_EQ(manifest->needs[1].name, "libfoo.so.1");
  EXPECT_TRUE(manifest->needs[1].optional);
}

TEST(DeclarationTest, EveryWordOfAnOperationArrives) {
  const auto manifest = loader::Manifest::parse(text_of(detail::entry<All>()));
  ASSERT_TRUE(manifest) << manifest.error().message;
  const auto& all = manifest->operations.at(0);
  EXPECT_EQ(all.name, "whole.all");
  EXPECT_EQ(all.summary, "All words");
  EXPECT_EQ(all.description, "In *Markdown*.");
  EXPECT_EQ(all.method, "POST");
  EXPECT_EQ(all.path, "/whole/{name}");
  EXPECT_EQ(all.scope, session::Scope::admin);
  EXPECT_EQ(all.tags, (std::vector<std::string>{"one", "two"}));
  EXPECT_EQ(all.max_body, 1000u);
  EXPECT_TRUE(all.concurrent && all.blocking && all.read_only && all.destructive && all.idempotent && all.open_world);
  EXPECT_FALSE(all.resumable || all.announced);
  EXPECT_EQ(all.output, object().json());
  for (const auto& one : manifest->operations) EXPECT_EQ(one.announced, one.name == "whole.upload") << one.name;
  EXPECT_TRUE(all.in_status.empty());
  EXPECT_EQ(manifest->operations.at(1).in_status, (std::vector<std::string>{"mood", "hunger"}));
}

TEST(DeclarationTest, KindsMethodsAndScopesAreAsTheBookSays) {
  const auto manifest = loader::Manifest::parse(text_of(detail::entry<All>()));
  ASSERT_TRUE(manifest) << manifest.error().message;
  std::string table;
  for (const auto& one : manifest->operations) {
    table += one.name.substr(6) + ' ' + one.method + ' ' + std::string(name_of(one.kind)) + ' ' +
             (one.scope == session::Scope::read  ? "read\n"
              : one.scope == session::Scope::run ? "run\n"
                                                 : "admin\n");
  }
  EXPECT_EQ(table,
            "all POST call admin\nget GET call read\nput PUT call run\npatch PATCH call run\ndel DELETE call run\n"
            "stream GET stream read\nask POST stream run\nupload POST upload run\ndownload GET download read\n"
            "socket GET socket run\nhttp POST http run\n");
  EXPECT_EQ(manifest->operations.back().methods, std::vector<std::string>{"GET"});
  EXPECT_EQ(manifest->operations.back().headers, (std::vector<std::string>{"accept", "mcp-*"}));
}

TEST(DeclarationTest, TheSchemaChecksWhatItSays) {
  const auto manifest = loader::Manifest::parse(text_of(detail::entry<All>()));
  ASSERT_TRUE(manifest) << manifest.error().message;
  const auto schema = loader::Schema::compile(manifest->operations.at(0).input);
  ASSERT_TRUE(schema) << schema.error().message;
  EXPECT_TRUE(schema->check({{"name", "abc"}}).empty());
  EXPECT_TRUE(schema->check({{"name", "abc"}, {"n", 10}, {"how", "slow"}, {"list", {1.5}}, {"any", nullptr}}).empty());
  for (const Json& wrong :
       {Json::object(), Json{{"name", ""}}, Json{{"name", "abcdefghij"}}, Json{{"name", "ABC"}}, Json{{"name", 1}},
        Json{{"name", "a"}, {"n", 0}}, Json{{"name", "a"}, {"n", 11}}, Json{{"name", "a"}, {"n", 1.5}},
        Json{{"name", "a"}, {"how", "so so"}}, Json{{"name", "a"}, {"list", Json::array()}},
        Json{{"name", "a"}, {"list", {1, 2, 3, 4, 5}}}, Json{{"name", "a"}, {"list", {"x"}}},
        Json{{"name", "a"}, {"flag", 1}}, Json{{"name", "a"}, {"stranger", 1}}}) {
    EXPECT_FALSE(schema->check(wrong).empty()) << wrong;
  }
}

TEST(DeclarationTest, TheBytesAreTheSameEachTime) {
  const auto once = [] {
    Declaration<All> d;
    All::declare(d);
    return d.manifest();
  };
  EXPECT_EQ(once(), once());
  EXPECT_EQ(once(), text_of(detail::entry<All>()));
  EXPECT_EQ(text_of(detail::entry<All>()).data(), text_of(detail::entry<All>()).data());
}

struct Nameless {
  static void declare(Declaration<Nameless>& d) {
    d.get("get", "/nameless").handle([](const Json& in) { return in; });
  }
};
struct Handless {
  static void declare(Declaration<Handless>& d) {
    d.plugin("handless", "1.0.0", "Forgot something");
    d.get("get", "/handless");
  }
};
struct Garbled {
  static void declare(Declaration<Garbled>& d) { d.plugin("garbled", "1.0.0", "\xff"); }
};

template <class P>
std::string complaint() {
  testing::internal::CaptureStderr();
  EXPECT_EQ(detail::entry<P>(), nullptr);
  return testing::internal::GetCapturedStderr();
}

TEST(DeclarationTest, AMistakeIsNamedAndMakesNoPlugin) {
  EXPECT_EQ(complaint<Nameless>(), "declare(): plugin(name, version, summary) comes before the first operation\n");
  EXPECT_EQ(complaint<Handless>(), "declare(): handless.get has no handle()\n");
  EXPECT_NE(complaint<Garbled>().find("UTF-8"), std::string::npos);
}

}  // namespace
}  // namespace berth
