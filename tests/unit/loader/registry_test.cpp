// Which plugins come up, with a real one that is tampered with: what runs is what was found, checked and allowed.
#include "loader/registry.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <boost/asio/executor_work_guard.hpp>

#include "plugin_folder.hpp"
#include "service/clock.hpp"
#include "service/event_loop.hpp"
#include "service/unique_fd.hpp"

namespace berth::loader {
namespace {

using State = Registry::State;
using test::content_of;
using test::put;

class RegistryTest : public testing::Test {
 protected:
  RegistryTest() { m_wishes["clock"].own_process = false; }

  // The one plugin, as a host finds it that starts now: a stranger's, or the host's own.
  Registry::Entry start(bool own = false) {
    Registry registry({m_loop, m_pool, m_log}, {m_loop, m_log, m_clock}, m_plugin.file("state/plugins"),
                      [](const auto&) { return std::nullopt; });
    using Folders = std::vector<std::string>;
    registry.load({own ? Folders{} : Folders{m_plugin.path()},
                   own ? Folders{m_plugin.path()} : Folders{},
                   m_wishes,
                   {},
                   false,
                   false,
                   m_trust});
    return registry.entries().at("clock");
  }
  std::string reason() {
    const auto entry = start();
    EXPECT_EQ(entry.state, State::failed);
    EXPECT_FALSE(entry.instance.provider);
    return entry.reason;
  }
  void sign() {
    const auto key = service::PrivateKey::make();
    put(m_plugin.signature, make_signature(content_of(m_plugin.manifest), key));
    m_trust.keys = {{"vendor", key.public_key()}};
  }

  const test::PluginFolder m_plugin;
  const service::UniqueFd m_nowhere{::open("/dev/null", O_WRONLY | O_CLOEXEC)};
  service::EventLoop m_loop;
  service::Clock m_clock;
  service::Pool m_pool{{1, 1}};
  service::Log m_log{m_nowhere.get(), {}};
  TrustRules m_trust;
  std::map<std::string, Wish> m_wishes;
};

TEST_F(RegistryTest, AnUntouchedPluginIsReadyAndRunsFromItsCopy) {
  const auto entry = start();
  EXPECT_EQ(entry.state, State::ready) << entry.reason;
  EXPECT_EQ(entry.file, m_plugin.library);
  EXPECT_EQ(entry.manifest->sha256, m_plugin.digest());
  EXPECT_FALSE(entry.first_party);
  const std::string mapped = content_of("/proc/self/maps");
  EXPECT_NE(mapped.find(m_plugin.file("state/plugins/clock-")), std::string::npos);
  EXPECT_EQ(mapped.find(m_plugin.library), std::string::npos);
  EXPECT_TRUE(start(true).first_party);
}

TEST(RunsApart, SaysTheConfigurationThenThePluginThenWhoseItIs) {
  Wish wish;
  EXPECT_FALSE(runs_apart(wish, true, false));
  EXPECT_TRUE(runs_apart(wish, true, true));
  EXPECT_TRUE(runs_apart(wish, false, false));
  wish.own_process = false;
  EXPECT_FALSE(runs_apart(wish, true, true));
  EXPECT_FALSE(runs_apart(wish, false, true));
  wish.own_process = true;
  EXPECT_TRUE(runs_apart(wish, true, false));
}

TEST_F(RegistryTest, ATamperedLibraryIsNotLoaded) {
  m_plugin.tamper();
  EXPECT_NE(reason().find("is not the library that its manifest describes"), std::string::npos);
  EXPECT_EQ(content_of("/proc/self/maps").find(m_plugin.path()), std::string::npos);
}

TEST_F(RegistryTest, ATamperedManifestIsNotBelieved) {
  const std::string good = content_of(m_plugin.manifest);
  const auto changed = [&](const std::string& from, const std::string& to) {
    std::string text = good;
    text.replace(text.find(from), from.size(), to);
    put(m_plugin.manifest, text);
    return reason();
  };
  const std::string digest = m_plugin.digest(), member = ",\"sha256\":\"" + digest + "\"";
  EXPECT_EQ(changed("clock.now", "clock.not"), "clock: the manifest beside it is not the one in its code");
  EXPECT_EQ(changed("}", " }"), "clock: the manifest beside it is not the one in its code");
  EXPECT_EQ(changed("{", "{\"sha256\":\"" + digest + "\","),
            "clock: the manifest beside it is not the one in its code");
  EXPECT_NE(changed(digest, std::string(64, '0')).find("0000000000000000…"), std::string::npos);
  EXPECT_NE(changed(digest, digest.substr(1)).find("sha256: must be 64 digits of 0-9 a-f"), std::string::npos);
  EXPECT_NE(changed(member, "").find("sha256: is missing"), std::string::npos);
}

TEST_F(RegistryTest, UnsignedIsNotLoadedWhereItMustBe) {
  m_trust.must_be_signed = TrustRules::Signed::third_party;
  m_trust.where = "berth.lua:7";
  EXPECT_TRUE(reason().starts_with("clock: must be signed, berth.lua:7; no signature: "));
  EXPECT_EQ(start(true).state, State::ready);
  sign();
  const auto entry = start();
  EXPECT_EQ(entry.state, State::ready) << entry.reason;
  EXPECT_EQ(entry.signature.by.substr(0, 7), "vendor ");
  m_plugin.tamper();
  EXPECT_NE(reason().find("is not the library"), std::string::npos);
}

TEST_F(RegistryTest, WhatIsNotAllowedIsDisabledUnread) {
  m_trust.allow.emplace();
  m_trust.where = "berth.lua:7";
  m_plugin.tamper();
  const auto entry = start();
  EXPECT_EQ(entry.state, State::disabled);
  EXPECT_EQ(entry.reason, "neither its name nor its digest is in allow, berth.lua:7");
  m_wishes["clock"].enabled = false;
  EXPECT_EQ(start().reason, " says so");  // of the statement, which a real wish names
}

TEST_F(RegistryTest, OldCopiesGoAtTheNextStart) {
  ASSERT_EQ(start().state, State::ready);
  put(m_plugin.file("state/plugins/clock-0000000000000000.so"), "old");
  ASSERT_EQ(start().state, State::ready);
  EXPECT_FALSE(std::filesystem::exists(m_plugin.file("state/plugins/clock-0000000000000000.so")));
}

// Of two that clash the later one stays out.
TEST_F(RegistryTest, TheHostsOwnAreTakenInBeforeStrangers) {
  const test::Folder own;
  for (const char* file : {"ticker.so", "ticker.berth.json"})
    std::filesystem::copy_file(std::string(BERTH_BUILD_DIR) + "/lib/berth/plugins/" + file, own.file(file));
  std::vector<std::string> came;
  service::Pool pool({1, 8});
  Registry registry({m_loop, pool, m_log}, {m_loop, m_log, m_clock}, m_plugin.file("state/plugins"),
                    [&](const Registry::Providers& all) {
                      for (const auto& one : all) {
                        const std::string& name = one->manifest().name;
                        if (std::find(came.begin(), came.end(), name) == came.end()) came.push_back(name);
                      }
                      return std::nullopt;
                    });
  registry.load({{m_plugin.path()}, {own.path()}, m_wishes, {}, false, false, m_trust});
  EXPECT_EQ(came, (std::vector<std::string>{"ticker", "clock"}));
}

// Who waits for a change when the host ends is told what became of it.
TEST_F(RegistryTest, OrdersThatAreNotCarriedOutAreAnsweredAtTheEnd) {
  Registry registry({m_loop, m_pool, m_log}, {m_loop, m_log, m_clock}, m_plugin.file("state/plugins"),
                    [](const auto&) { return std::nullopt; });
  registry.load({{m_plugin.path()}, {}, m_wishes, {}, false, false, m_trust});
  std::vector<std::string> said;
  const auto note = [&](std::optional<service::Error> error) { said.push_back(error ? error->code : "done"); };
  registry.reload("clock", note);
  registry.reload("clock", note);
  registry.unload("clock", true, note);
  registry.sync(registry.choice(), [&] { said.push_back("synced"); });
  registry.end();
  EXPECT_EQ(said, (std::vector<std::string>{"draining", "draining", "done"}));
  registry.reload("clock", note);
  EXPECT_EQ(said.back(), "draining");
  EXPECT_EQ(said.size(), 4u);
  EXPECT_FALSE(registry.entries().at("clock").instance.provider);
  m_pool.end();
  registry.clear();
}

// Nor as the host's own: a path stands in no folder, but joined to one it would be found.
TEST_F(RegistryTest, ANameThatIsAPathLeadsNowhere) {
  const test::Folder empty;
  Registry registry({m_loop, m_pool, m_log}, {m_loop, m_log, m_clock}, m_plugin.file("state/plugins"),
                    [](const auto&) { return std::nullopt; });
  registry.load({{empty.path()}, {empty.path()}, m_wishes, {}, false, true, m_trust});
  const auto work = boost::asio::make_work_guard(m_loop.context());  // threads of the pool do not count as any
  const auto relative = std::filesystem::relative(m_plugin.path(), empty.path()).string();
  for (const std::string& name : {m_plugin.path() + "/clock", relative + "/clock", std::string()}) {
    std::optional<service::Error> said;
    registry.reload(name, [&](std::optional<service::Error> error) { said = error.value_or(service::Error{}); });
    m_loop.context().restart();
    for (int i = 0; i < 100 && !said; ++i) m_loop.context().run_one_for(std::chrono::milliseconds(100));
    ASSERT_TRUE(said) << name;
    EXPECT_EQ(said->code, "not_found") << name;
    EXPECT_EQ(registry.entries().size(), 1u) << name;  // the wish
  }
}

}  // namespace
}  // namespace berth::loader
