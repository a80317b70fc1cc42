// Signatures: good ones, wrong keys, other manifests, and whatever else may stand in a file of that name; and the
// rules.
#include "loader/trust.hpp"

#include <berth/base64.hpp>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>

#include "plugin_folder.hpp"
#include "service/text.hpp"

namespace berth::loader {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using service::PrivateKey;
using test::content_of;
using test::put;
using Signed = TrustRules::Signed;

class TrustTest : public testing::Test {
 protected:
  TrustTest() { m_rules.where = "berth.lua:7"; }

  void sign(const PrivateKey& key) const {
    put(m_plugin.signature, make_signature(content_of(m_plugin.manifest), key));
  }
  Signature signature() const { return read_signature(m_plugin.found(), m_keys); }
  std::string why_not() const {
    const auto found = signature();
    EXPECT_EQ(found.by, "");
    return found.why_not.substr(0, found.why_not.find(':'));
  }
  std::string id() const { return m_key.public_key().id(); }

  const test::PluginFolder m_plugin;
  const PrivateKey m_key = PrivateKey::make(), m_other = PrivateKey::make();
  const std::vector<TrustedKey> m_keys{{"other", m_other.public_key()}, {"vendor", m_key.public_key()}};
  TrustRules m_rules;
};

TEST_F(TrustTest, AGoodSignatureNamesItsSigner) {
  sign(m_key);
  EXPECT_EQ(signature().by, "vendor " + id());
  EXPECT_EQ(signature().why_not, "");
}

TEST_F(TrustTest, TellsWhatIsWrong) {
  EXPECT_EQ(why_not(), "no signature");
  sign(PrivateKey::make());
  EXPECT_EQ(why_not(), "unknown key");
  sign(m_key);
  put(m_plugin.manifest, content_of(m_plugin.manifest) + "\n");
  EXPECT_EQ(why_not(), "wrong signature");
}

TEST_F(TrustTest, TheIdOfAKnownKeyIsNotEnough) {
  json given = json::parse(make_signature(content_of(m_plugin.manifest), PrivateKey::make()));
  given["key"] = id();
  put(m_plugin.signature, given.dump());
  EXPECT_EQ(why_not(), "wrong signature");
  given = json::parse(make_signature(content_of(m_plugin.manifest), m_other));
  given["key"] = id();
  put(m_plugin.signature, given.dump());
  EXPECT_EQ(why_not(), "wrong signature");
}

TEST_F(TrustTest, HostileFilesAreNoSignatures) {
  sign(m_key);
  const std::string good = content_of(m_plugin.signature);
  const json parsed = json::parse(good);
  std::vector<std::string> bad{"",
                               "{}",
                               "[]",
                               "null",
                               "1",
                               "\"x\"",
                               std::string(4096, '['),
                               std::string(5000, ' '),
                               std::string("\0", 1),
                               "\xff\xfe",
                               good + good};
  for (std::size_t size = 0; size + 1 < good.find('}') + 1; ++size) bad.push_back(good.substr(0, size));
  const auto with = [&](const char* field, const json& value) {
    json changed = parsed;
    changed[field] = value;
    bad.push_back(changed.dump(-1, ' ', false, json::error_handler_t::replace));
  };
  const std::string bytes = *from_base64(parsed["signature"].get<std::string>());
  for (const json& value : {json(nullptr), json(1), json::array(), json::object(), json(""), json("x"), json(true)}) {
    with("key", value);
    with("signature", value);
  }
  with("signature", base64(bytes.substr(0, 63)));
  with("signature", base64(bytes + "x"));
  with("key", id() + "0");
  with("key", "0123456789ABCDEF");
  with("more", 1);
  for (const auto& text : bad) {
    put(m_plugin.signature, text);
    EXPECT_EQ(why_not(), "no signature") << text;
  }
}

TEST_F(TrustTest, WhatIsNoFileHoldsNobodyUp) {
  ASSERT_EQ(::mkfifo(m_plugin.signature.c_str(), 0600), 0);
  EXPECT_EQ(why_not(), "no signature");
  fs::remove(m_plugin.signature);
  fs::create_symlink("/dev/zero", m_plugin.signature);
  EXPECT_EQ(why_not(), "no signature");
  fs::remove(m_plugin.signature);
  fs::create_symlink(m_plugin.signature, m_plugin.signature);
  EXPECT_EQ(why_not(), "no signature");
}

TEST_F(TrustTest, ASignatureOfAnotherPluginIsNoneOfThis) {
  put(m_plugin.signature, make_signature("{\"name\":\"another\"}", m_key));
  EXPECT_EQ(why_not(), "wrong signature");
}

TEST_F(TrustTest, WhatMustBeSigned) {
  const Found third = m_plugin.found(), first = find_plugins({}, {m_plugin.path()}).at(0);
  EXPECT_FALSE(third.first_party);
  EXPECT_TRUE(first.first_party);
  const Signature none{{}, "no signature: …"}, good{"vendor 0123456789abcdef", {}};
  const auto refused = [&](const Found& found, const Signature& given) {
    return not_trusted(found, given, m_rules).has_value();
  };
  EXPECT_FALSE(refused(third, none));
  m_rules.must_be_signed = Signed::third_party;
  EXPECT_TRUE(refused(third, none));
  EXPECT_FALSE(refused(third, good));
  EXPECT_FALSE(refused(first, none));
  m_rules.must_be_signed = Signed::all;
  EXPECT_TRUE(refused(first, none));
  EXPECT_TRUE(refused(third, none));
  EXPECT_FALSE(refused(first, good));
  EXPECT_EQ(not_trusted(third, none, m_rules)->message, "clock: must be signed, berth.lua:7; no signature: …");
}

TEST_F(TrustTest, WhatIsAllowed) {
  const Found found = m_plugin.found();
  EXPECT_FALSE(not_allowed(found, m_rules));
  m_rules.allow.emplace();
  EXPECT_EQ(not_allowed(found, m_rules), "neither its name nor its digest is in allow, berth.lua:7");
  m_rules.allow = {{"cloc", "clock.so", "sha256:" + std::string(64, '0'), m_plugin.digest()}};
  EXPECT_TRUE(not_allowed(found, m_rules));
  m_rules.allow = {{"clock"}};
  EXPECT_FALSE(not_allowed(found, m_rules));
  m_rules.allow = {{"sha256:" + m_plugin.digest()}};
  EXPECT_FALSE(not_allowed(found, m_rules));
  put(m_plugin.manifest, "{}");
  EXPECT_TRUE(not_allowed(m_plugin.found(), m_rules));
}

TEST_F(TrustTest, AFolderThatLeadsToTheHostsOwnIsNotItsOwn) {
  const test::Folder folder;
  fs::create_directory_symlink(m_plugin.path(), folder.file("link"));
  EXPECT_FALSE(find_plugin_at(folder.file("link/clock.so")).first_party);
  EXPECT_FALSE(find_plugins({folder.file("link")}).at(0).first_party);
  const auto both = find_plugins({folder.file("link")}, {m_plugin.path()});
  ASSERT_EQ(both.size(), 1u);
  EXPECT_EQ(both[0].library_file, m_plugin.library) << "the host's own, by its own way";
  EXPECT_TRUE(both[0].namesakes.empty());
}

}  // namespace
}  // namespace berth::loader
