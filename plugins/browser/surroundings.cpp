// What pages are to take their surroundings for, what they may, and who they are told that somebody is: kept by the
// session, told to each of its pages, and to the next browser.
#include <algorithm>
#include <utility>

#include "plugin.hpp"

namespace browser {

using berth::Error;

namespace {

constexpr std::size_t most_scripts = 20, most_logins = 50;

// As people call them, and as the browser does.
const std::map<std::string, std::vector<std::string>>& permission_names() {
  static const std::map<std::string, std::vector<std::string>> all{
      {"geolocation", {"geolocation"}},
      {"notifications", {"notifications"}},
      {"clipboard", {"clipboardReadWrite", "clipboardSanitizedWrite"}},
      {"camera", {"videoCapture"}},
      {"microphone", {"audioCapture"}},
      {"midi", {"midi"}},
      {"sensors", {"sensors"}},
      {"storage", {"storageAccess", "durableStorage"}}};
  return all;
}

}  // namespace

Task<Json> Plugin::emulate(Turn& turn) {
  Json given = turn.input();
  auto& emulation = turn.seat->emulation;
  const bool reset = given.value("reset", false);
  for (const char* one : {"timeout", "reset"}) given.erase(one);
  if (given.contains("latitude") != given.contains("longitude"))
    throw Error(422, "invalid_input", "a place has latitude and longitude");
  if (given.contains("device")) {
    Json all = device(given["device"], plain_user_agent(m_browser->user_agent()));
    given.erase("device");
    all.update(given);
    given = std::move(all);
  }
  const Json before = emulation.wish;
  Json wish = reset ? Json::object() : before;
  wish.update(given);
  emulation.wish = std::move(wish);
  // One page is asked whether it can be that; the others are told.
  const auto tab = co_await this->tab(turn);
  const auto commands =
      emulation.anew(m_ground.settings.width, m_ground.settings.height, m_browser->user_agent(), false);
  std::string refused;
  for (const auto& [method, params] : commands) {
    try {
      co_await tab->ask(turn.patience, method, params);
    } catch (const Error& error) {
      if (error.code() != "browser_refused") throw;
      refused = error.message();
    }
  }
  if (!refused.empty()) {
    emulation.wish = before;
    for (const auto& one : turn.seat->tabs) one->emulate();
    throw Error(422, "not_emulated", refused, "nothing has been changed");
  }
  for (const auto& one : turn.seat->tabs)
    if (one != tab) one->emulate();
  co_return with("emulated", emulation.wish);
}

Task<Json> Plugin::permissions(Turn& turn) {
  const Json& input = turn.input();
  const std::string said = input.value("origin", ""), origin = origin_of(said);
  if (!said.empty() && origin.size() != said.size())
    throw Error(422, "invalid_input", "an origin is like https://books.example");
  if (input.value("reset", false)) turn.seat->permissions.clear();
  if (input.contains("grant")) turn.seat->permissions[origin] = input["grant"];
  if (turn.seat->permissions.size() > most_logins)
    throw Error(429, "too_many", "that are permissions of too many origins");
  co_await m_browser->permit(turn.patience, turn.seat);
  Json all = Json::object();
  for (const auto& [of, names] : turn.seat->permissions) all[of.empty() ? "*" : of] = names;
  co_return with("permissions", std::move(all));
}

std::vector<std::string> permissions_of(const Json& names) {
  std::vector<std::string> all;
  for (const Json& one : names) {
    const auto at = one.is_string() ? permission_names().find(one.get<std::string>()) : permission_names().end();
    if (at != permission_names().end()) all.insert(all.end(), at->second.begin(), at->second.end());
  }
  return all;
}

Task<Json> Plugin::login(Turn& turn) {
  const Json& input = turn.input();
  const std::string said = input.at("origin"), origin = origin_of(said);
  if (origin.empty() || origin.size() != said.size())
    throw Error(422, "invalid_input", "an origin is like https://books.example");
  auto& logins = turn.seat->logins;
  if (input.contains("user")) {
    if (logins.size() >= most_logins) throw Error(429, "too_many", "there are logins for too many origins");
    logins[origin] = Login(input["user"], input.value("password", ""));
  } else {
    logins.erase(origin);
  }
  for (const auto& one : turn.seat->tabs) one->guard_logins();
  Json origins = Json::array();
  for (const auto& [one, with_whom] : logins) origins.push_back(one);
  co_return with("origins", std::move(origins));
}

Task<Json> Plugin::scripts(Turn& turn) {
  const Json& input = turn.input();
  auto& scripts = turn.seat->scripts;
  if (input.value("reset", false)) scripts.clear();
  if (input.contains("source")) {
    if (scripts.size() >= most_scripts)
      throw Error(429, "too_many", "there are " + std::to_string(scripts.size()) + " scripts, the most", "say reset");
    scripts.push_back(input["source"]);
  }
  for (const auto& one : turn.seat->tabs) one->begin_scripts();
  co_return with("scripts", scripts.size());
}

}  // namespace browser
