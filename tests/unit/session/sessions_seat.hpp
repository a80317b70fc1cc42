// A host's sessions for one test, with real jails, a clock that moves when told, and restarts.
#pragma once

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <atomic>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "../jail/seat.hpp"
#include "session/sessions.hpp"

namespace berth::session {

using jail::test::say;
using jail::test::shell;
using test::Folder;
using test::put;

// A clock for many threads, which moves when told.
class Watch : public service::Clock {
 public:
  Moment now() const override { return Clock::now() + std::chrono::seconds(m_ahead.load()); }
  Moment recent() const override { return now(); }
  WallMoment wall() const override { return Clock::wall() + std::chrono::seconds(m_ahead.load()); }
  void advance(std::chrono::seconds by) { m_ahead += by.count(); }

 private:
  std::atomic<std::int64_t> m_ahead{0};
};

class SessionsTest : public testing::Test {
 protected:
  SessionsTest() {
    settings.most = 5;
    start();
  }
  ~SessionsTest() override { m_sessions.reset(); }

  Sessions::Found start() {
    m_sessions.reset();
    auto jails = jail::Jails::make({m_folder.file("jails")});
    if (!jails) throw std::runtime_error(jails.error().message);
    m_jails = std::move(*jails);
    m_tokens = std::make_unique<TokenStore>(TokenStore::Options{m_folder.file("tokens.json")}, clock);
    m_sessions = std::make_unique<Sessions>(Sessions::Parts{m_folder.file("sessions"), clock, *m_tokens, settings});
    auto found = m_sessions->open(*m_jails);
    if (!found) throw std::runtime_error(found.error().message);
    return *found;
  }
  Sessions& all() { return *m_sessions; }
  static Wish wish(const std::string& id) {
    Wish wish;
    wish.id = id;
    wish.limits = nlohmann::json::object();
    return wish;
  }
  std::string make(const std::string& id) {
    auto made = all().create(wish(id));
    if (!made) throw std::runtime_error(made.error().message);
    return made->secret;
  }
  std::string code_of(const Wish& wish) {
    const auto made = all().create(wish);
    return made ? "" : made.error().code;
  }
  std::string refusal(const std::string& session, const std::string& name = "somebody") {
    Asker asker;
    asker.who.name = name;
    asker.session = session;
    const auto error = all().refusal(asker);
    return error ? std::to_string(error->status) + " " + error->code + ": " + error->message + "; " + error->hint : "";
  }
  std::string seat(const std::string& id) const { return m_folder.file("sessions/" + id); }
  std::string record_of(const std::string& id) const { return seat(id) + "/session.json"; }
  bool knows(const std::string& secret) { return m_tokens->find(secret).has_value(); }

  Folder m_folder;
  Watch clock;
  Settings settings;
  std::unique_ptr<jail::Jails> m_jails;
  std::unique_ptr<TokenStore> m_tokens;
  std::unique_ptr<Sessions> m_sessions;
};

}  // namespace berth::session
