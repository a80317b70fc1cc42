// berth.lua: what is good, and every mistake with its line.
#include "command/config.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "../service/folder.hpp"
#include "service/signing.hpp"

namespace berth::command {
namespace {

Config good(const std::string& text) {
  auto checked = check_config(text, "berth.lua");
  for (const auto& error : checked.errors) ADD_FAILURE() << error;
  return std::move(checked.config);
}

TEST(Config, NothingMeansTheDefaults) {
  const Config config = good("");
  ASSERT_EQ(config.edge.listens.size(), 1u);
  EXPECT_EQ(config.edge.listens[0].address, "127.0.0.1:8888");
  EXPECT_TRUE(config.edge.auth);
}

TEST(Config, ReadsEveryStatement) {
  const Config config = good(R"(
    listen "127.0.0.1:9000"
    listen { "unix:/tmp/x.sock" }
    listen "[::1]:0"
    hosts { "berth.example" }
    origins { "https://app.example" }
    token { name = "ci", scope = "run", session = "main", sha256 = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" }
    limits { body = "1MiB", header_time = "2s", connections = 7, drain_time = 1.5 }
    plugins "listed"
    plugin_folder "/tmp"
    plugin "clock"
    plugin "shelf" { enabled = false, config = { folder = "/tmp", list = { 1, 2 } } }
    policy { match = "clock.*", deny = "closed" }
    policy { match = "shelf.*", rate = "60/min", burst = 5 }
    policy { scope = "admin", match = "x.*" }
    jail { require = { "landlock", "seccomp" } }
    log { level = "warn", format = "json", requests = false }
    for i = 1, 3 do hosts { "h" .. i } end
  )");
  EXPECT_EQ(config.edge.listens.size(), 3u);
  EXPECT_EQ(config.edge.hosts.size(), 4u);
  EXPECT_EQ(config.tokens.at(0).scope, session::Scope::run);
  EXPECT_EQ(config.edge.limits.body, 1u << 20);
  EXPECT_EQ(config.edge.limits.header_time, std::chrono::seconds(2));
  EXPECT_EQ(config.edge.limits.drain_time, std::chrono::milliseconds(1500));
  EXPECT_EQ(config.edge.limits.connections, 7u);
  EXPECT_EQ(config.jail_require, (std::vector<std::string>{"landlock", "seccomp"}));
  EXPECT_TRUE(config.only_listed);
  EXPECT_TRUE(config.plugins.at("clock").enabled);
  EXPECT_FALSE(config.plugins.at("shelf").enabled);
  EXPECT_EQ(config.plugins.at("shelf").config.dump(), R"({"folder":"/tmp","list":[1,2]})");
  EXPECT_EQ(config.plugins.at("shelf").where, "berth.lua:12");
  ASSERT_EQ(config.rules.size(), 3u);
  EXPECT_EQ(config.rules[0].where, "berth.lua:13");
  EXPECT_DOUBLE_EQ(config.rules[1].per_second, 1);
  EXPECT_EQ(config.log.least, service::Level::warn);
  EXPECT_FALSE(config.log_requests);
}

TEST(Config, ReadsWhomToTrust) {
  const test::Folder folder;
  const auto key = service::PrivateKey::make();
  test::put(folder.file("vendor.pub"), key.public_key().pem());
  test::put(folder.file("berth.lua"),
            "\ntrust { keys = { \"vendor.pub\", \"./vendor.pub\" }, signed = \"all\",\n"
            "  allow = { \"clock\", \"sha256:" +
                std::string(64, '0') + "\" } }");
  const auto checked = load_config(folder.file("berth.lua"));
  for (const auto& error : checked.errors) ADD_FAILURE() << error;
  const auto& trust = checked.config.trust;
  ASSERT_EQ(trust.keys.size(), 2u);
  EXPECT_EQ(trust.keys[0].name, "vendor");
  EXPECT_EQ(trust.keys[0].key.id(), key.public_key().id());
  EXPECT_EQ(trust.must_be_signed, loader::TrustRules::Signed::all);
  EXPECT_EQ(trust.allow, (std::set<std::string>{"clock", "sha256:" + std::string(64, '0')}));
  EXPECT_EQ(trust.where, folder.file("berth.lua") + ":2");
  EXPECT_FALSE(good("").trust.allow);
  EXPECT_EQ(good("trust { allow = {} }").trust.allow, std::set<std::string>{});
  EXPECT_EQ(good("trust { signed = false }").trust.must_be_signed, loader::TrustRules::Signed::none);
}

TEST(Config, APrivateKeyIsNoneToTrust) {
  const test::Folder folder;
  test::put(folder.file("vendor"), service::PrivateKey::make().pem());
  const auto checked = check_config("trust {\n keys = \"" + folder.file("vendor") + "\" }", "berth.lua");
  ASSERT_EQ(checked.errors.size(), 1u);
  EXPECT_EQ(checked.errors[0],
            "berth.lua:2: keys: " + folder.file("vendor") +
                " is no Ed25519 public key in PEM; that is the private one; name the .pub beside it");
}

struct Mistake {
  const char* text;
  const char* error;  // what one of the errors contains
};

class ConfigMistakes : public testing::TestWithParam<Mistake> {};

TEST_P(ConfigMistakes, AreNamedWithTheirLine) {
  const auto checked = check_config(GetParam().text, "berth.lua");
  std::string all;
  for (const auto& error : checked.errors) all += error + "\n";
  EXPECT_NE(all.find(GetParam().error), std::string::npos) << GetParam().text << "\n" << all;
}

INSTANTIATE_TEST_SUITE_P(
    All, ConfigMistakes,
    testing::Values(
        Mistake{"\n\nlisen \"127.0.0.1:1\"", "berth.lua:3: unknown setting \"lisen\"; did you mean \"listen\"?"},
        Mistake{"limits {\n  body = \"1MiB\",\n  bodi = 3,\n}",
                "berth.lua:3: unknown setting \"bodi\"; did you mean \"body\"?"},
        Mistake{"limits { body = \"much\" }", "berth.lua:1: body must be a number or a size"},
        Mistake{"limits { header_time = \"soon\" }", "header_time must be a time"},
        Mistake{"limits { connections = 0 }", "connections must be from 1"},
        Mistake{"limits { connections = -1 }", "connections must be"}, Mistake{"limits \"x\"", "limits wants a table"},
        Mistake{"listen \"nonsense\"", "berth.lua:1: \"nonsense\" is no address"},
        Mistake{"listen \"127.0.0.1:99999\"", "is no port"},
        Mistake{"listen { \"0.0.0.0:1\", tls = { cert = \"/none.pem\", key = \"/none.pem\" } }",
                "cert: /none.pem cannot be read"},
        Mistake{"listen { \"0.0.0.0:1\", tls = { } }", "tls wants cert and key"},
        Mistake{"auth(false) listen \"0.0.0.0:1\"", "reaches beyond this machine"},
        Mistake{"origins { \"app.example\" }", "is no origin"},
        Mistake{"token { name = \"a\", scope = \"all\", sha256 = \"\" }", "scope must be"},
        Mistake{"token { name = \"session.alice\", sha256 = \"\" }", "those of sessions' own tokens"},
        Mistake{"token { name = \"a\" }", "one of sha256, secret_file and secret_env"},
        Mistake{"token { name = \"a\", secret_env = \"BERTH_NO_SUCH\" }", "the environment has no BERTH_NO_SUCH"},
        Mistake{"plugin \"a\"\nplugin \"a\"", "berth.lua:2: the plugin \"a\" is named twice; first in berth.lua:1"},
        Mistake{"plugin \"a\" { enable = true }", "did you mean \"enabled\"?"},
        Mistake{"plugins \"some\"", "plugins wants \"all\" or \"listed\""},
        Mistake{"plugin_folder \"/no/such/folder\"", "is no folder"},
        Mistake{"policy { match = \"a\" }", "a policy wants one of"},
        Mistake{"policy { match = \"a\", rate = \"fast\" }", "rate must be a count"},
        Mistake{"trust {\n  keyz = {} }", "berth.lua:2: unknown setting \"keyz\"; did you mean \"keys\"?"},
        Mistake{"trust {\n  keys = { \"/none.pub\" } }", "berth.lua:2: keys: cannot read /none.pub"},
        Mistake{"trust { keys = { 1 } }", "keys wants texts"}, Mistake{"trust \"x\"", "trust wants a table"},
        Mistake{"trust { keys = \"/dev/zero\" }", "berth.lua:1: keys: cannot read /dev/zero: it is no file"},
        Mistake{"trust { keys = \"/etc/passwd\" }", "/etc/passwd is no Ed25519 public key in PEM"},
        Mistake{"trust { signed = \"some\" }", "signed must be \"all\", \"third-party\" or false"},
        Mistake{"trust { signed = true }", "signed must be"},
        Mistake{"trust { signed = \"all\" }", "signed wants keys"},
        Mistake{"trust { keys = {}, signed = \"all\" }", "signed wants keys"},
        Mistake{"trust { allow = { \"Clock\" } }", "allow: \"Clock\" is no plugin's name"},
        Mistake{"trust {\n\nallow = { \"sha256:12\" } }", "berth.lua:3: allow: \"sha256:12\" is no"},
        Mistake{"trust { }\ntrust { }", "berth.lua:2: trust is stated twice; first in berth.lua:1"},
        Mistake{"jail \"x\"", "jail wants a table"}, Mistake{"jail { want = {} }", "unknown setting \"want\""},
        Mistake{"jail {\n require = { \"landlok\" } }",
                "berth.lua:2: require: there is no layer \"landlok\"; did you mean \"landlock\"?"},
        Mistake{"jail { require = { 1 } }", "require wants texts"}, Mistake{"sessions \"x\"", "sessions wants a table"},
        Mistake{"sessions {\n mots = 3 }", "berth.lua:2: unknown setting \"mots\"; did you mean \"most\"?"},
        Mistake{"sessions { most = -1 }", "most must be"},
        Mistake{"sessions { ttl = \"soon\" }", "ttl must be from 1s"},
        Mistake{"sessions { ttl = 0 }", "ttl must be from 1s"},
        Mistake{"sessions { ttl = { \"2h\", most = \"1h\" } }", "ttl: 7200s is more than its most"},
        Mistake{"sessions { limits = 3 }", "limits wants a table with names"},
        Mistake{"sessions {\n limits = {\n memori = 3 } }",
                "berth.lua:3: unknown setting \"memori\"; did you mean \"memory\"?"},
        Mistake{"sessions { limits = {\n memory = \"1MB\" } }", "berth.lua:2: memory must be from 16 MB to"},
        Mistake{"sessions { limits = { memory = { \"1GB\", most = \"500MB\" } } }",
                "memory: 1000 MB is more than its most"},
        Mistake{"sessions { limits = { memory = { \"1GB\", least = 3 } } }",
                "memory has a value and most, and no \"least\""},
        Mistake{"sessions { limits = { memory = { \"1GB\", \"2GB\" } } }", "memory must be from"},
        Mistake{"sessions { limits = { processes = 2.5 } }", "processes must be from 8 to"},
        Mistake{"sessions { limits = { cpu = \"all\" } }", "cpu must be from 0.05 to"},
        Mistake{"sessions { limits = { disk = \"1GB\" } }", "unknown setting \"disk\""},
        Mistake{"sessions { network = \"all\" }", "network must be \"none\", \"loopback\" or \"proxy\""},
        Mistake{"sessions { network = \"proxy\" }", "network = \"proxy\" wants allow"},
        Mistake{"sessions { allow = { \"a.test\" } }", "allow is for network = \"proxy\""},
        Mistake{"sessions { network = \"proxy\",\n allow = { \"10.0.0.5\" } }", "berth.lua:2: allow: 10.0.0.5 is in"},
        Mistake{"sessions { workspace = { quota = \"none\" } }", "quota must be from 1 MB to"},
        Mistake{"sessions { workspace = { alias = {} } }", "did you mean \"aliases\"?"},
        Mistake{"sessions { workspace = { aliases = { \"mnt\" } } }", "\"mnt\" cannot be another name of /workspace"},
        Mistake{"sessions { workspace = { aliases = { \"/a\", \"/a/b\" } } }", "\"/a/b\" lies within \"/a\""},
        Mistake{"sessions { workspace = { aliases = { \"/usr/x\" } } }", "\"/usr/x\" cannot be"},
        Mistake{"sessions { workspace = { aliases = { \"/mnt/../etc\" } } }", "cannot be another name"},
        Mistake{"sessions { workspace = { aliases = { \"/\" } } }", "cannot be another name"},
        Mistake{"sessions { workspace = { aliases = { \"/mnt/a\", \"/mnt/a\" } } }", "stands there twice"},
        Mistake{"sessions { workspace = { aliases = { 1 } } }", "aliases wants texts"},
        Mistake{"log { level = \"loud\" }", "level must be"}, Mistake{"limits { body = 3 }\nx = = 3", "berth.lua:2:"},
        Mistake{"while true do end", "takes too long"},
        Mistake{"local t = {} for i = 1, 1e9 do t[i] = i end", "berth.lua"}, Mistake{"error(\"my own\")", "my own"},
        Mistake{"os.execute(\"true\")", "unknown setting \"os\""},
        Mistake{"limits { body = print }", "unknown setting \"print\""},
        Mistake{"local t = {} t.t = t limits { body = t }", "nested too deeply"},
        Mistake{"hosts { \"\\xff\" }", "not UTF-8"}, Mistake{"\x1bLua", "berth.lua"}));

TEST(Config, ReadsWhatSessionsGet) {
  const auto settings = good(R"(sessions {
    most = 7, ttl = { "30min", most = "2h" }, network = "loopback",
    workspace = { quota = { "50MB", most = "1GB" }, aliases = { "/mnt/a", "/data" } },
    limits = { memory = { "200MB", most = "1GB" }, processes = 32, cpu = { most = 2 }, tmp = { "10MB" }, cpu_time = "1min",
               wall_time = { "10min", most = "1h" } },
  })")
                            .sessions;
  EXPECT_EQ(settings.most, 7u);
  EXPECT_EQ(settings.ttl, std::chrono::minutes(30));
  EXPECT_EQ(settings.most_ttl, std::chrono::hours(2));
  EXPECT_EQ(settings.network, jail::Network::loopback);
  EXPECT_EQ(settings.aliases, (std::vector<std::string>{"/mnt/a", "/data"}));
  EXPECT_EQ(settings.limits.disk, 50'000'000u);
  EXPECT_EQ(settings.most_limits.disk, 1'000'000'000u);
  EXPECT_EQ(settings.limits.memory, 200'000'000u);
  EXPECT_EQ(settings.most_limits.memory, 1'000'000'000u);
  EXPECT_EQ(settings.limits.processes, 32u);
  EXPECT_EQ(settings.most_limits.processes, 32u) << "without a word of more there is no more";
  EXPECT_EQ(settings.limits.cores, 2) << "nobody has more";
  EXPECT_EQ(settings.most_limits.cores, 2);
  EXPECT_EQ(settings.limits.tmp, 10'000'000u);
  EXPECT_EQ(settings.limits.cpu_time, std::chrono::minutes(1));
  EXPECT_EQ(settings.limits.wall_time, std::chrono::minutes(10));
  EXPECT_EQ(settings.most_limits.wall_time, std::chrono::hours(1));
  EXPECT_EQ(good("sessions { network = \"proxy\", allow = { \"a.test\" } }").sessions.allow.text(), "a.test");
  const auto usual = good("").sessions;
  EXPECT_EQ(usual.limits, usual.most_limits);
  EXPECT_EQ(usual.limits.wall_time, std::chrono::minutes(30));
  EXPECT_EQ(good("sessions { limits = { wall_time = \"7d\" } }").sessions.limits.wall_time, std::chrono::hours(7 * 24));
  EXPECT_EQ(good("sessions { limits = { memory = { most = \"100MB\" } } }").sessions.limits.memory, 100'000'000u);
  EXPECT_EQ(good("sessions { ttl = \"90d\" }").sessions.most_ttl, std::chrono::hours(24 * 90));
}

TEST(Config, GoesOnAfterAMistake) {
  EXPECT_EQ(check_config("lisen \"a\"\nlimits { bodi = 1 }\nlog { level = 3 }", "f").errors.size(), 4u);
}

TEST(Config, AFileThatIsNotThereIsAMistake) { EXPECT_FALSE(load_config("/no/such/berth.lua").errors.empty()); }

TEST(Config, TheExampleIsGood) {
  std::ifstream file(std::string(BERTH_SOURCE_DIR) + "/host/command/berth.lua");
  std::stringstream text;
  text << file.rdbuf();
  ASSERT_FALSE(text.str().empty());
  good(text.str());
}

}  // namespace
}  // namespace berth::command
