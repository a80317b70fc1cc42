// What a session has in the browser beside its tabs: cookies, and what pages keep in localStorage; to be saved and put
// back.
#include <utility>

#include "plugin.hpp"

namespace browser {

using berth::Error;

namespace {

constexpr std::uint64_t most_state = 48u << 20;

Json as_object(const std::string& text) {
  Json found = Json::parse(text, nullptr, false);
  if (!found.is_object()) throw Error(422, "bad_state", "the file is no state of a browser: it is no JSON object");
  return found;
}

// As everybody writes it, and no more than that.
Json plain_cookies(const Json& found) {
  Json all = found.is_array() ? found : Json::array();
  for (Json& one : all)
    for (const char* more : {"size", "session", "priority", "sameParty", "sourceScheme", "sourcePort"}) one.erase(more);
  return all;
}

}  // namespace

Task<Json> Plugin::cookies(Turn& turn) {
  const Json params = with("browserContextId", turn.seat->context);
  const Json found = co_await Ask(m_browser->cdp(), turn.patience, the_browser, "Storage.getCookies", params);
  co_return with("cookies", part(found, "cookies"));
}

Task<void> Plugin::put_cookies(Turn& turn, Json given) {
  const Json params = with("cookies", std::move(given), "browserContextId", turn.seat->context);
  try {
    co_await Ask(m_browser->cdp(), turn.patience, the_browser, "Storage.setCookies", params);
  } catch (const Error& error) {
    if (error.code() != "browser_refused") throw;
    throw Error(422, "bad_cookie", error.message(), "a cookie has name, value, and url or domain");
  }
}

Task<Json> Plugin::set_cookies(Turn& turn) {
  Json given = turn.input().at("cookies");
  for (Json& one : given) {
    if (!one.is_object())
      throw Error(422, "invalid_input", "a cookie is an object with name, value, and url or domain");
    for (const char* told : {"size", "session"}) one.erase(told);
  }
  co_await put_cookies(turn, std::move(given));
  co_return co_await cookies(turn);
}

Task<Json> Plugin::clear_cookies(Turn& turn) {
  const Json params = with("browserContextId", turn.seat->context);
  co_await Ask(m_browser->cdp(), turn.patience, the_browser, "Storage.clearCookies", params);
  turn.seat->cookies = Json::array();
  co_return co_await cookies(turn);
}

Task<std::string> Plugin::get_file(Turn& turn, std::string path, std::uint64_t most) {
  const std::function<std::string()> work = [this, session = turn.call.session(), path, most] {
    return read_file(m_workspaces.open(session), path, most);
  };
  co_return co_await Away<std::string>(m_carrier, turn.patience, work);
}

Task<std::string> Plugin::put_file(Turn& turn, std::string path, std::string bytes) {
  const auto held = std::make_shared<std::string>(std::move(bytes));
  const std::function<std::string()> work = [this, session = turn.call.session(), path, held] {
    return write_file(m_workspaces.open(session), path, *held);
  };
  co_return co_await Away<std::string>(m_carrier, turn.patience, work);
}

Task<Json> Plugin::save_state(Turn& turn) {
  const Json params = with("browserContextId", turn.seat->context);
  const Json found = co_await Ask(m_browser->cdp(), turn.patience, the_browser, "Storage.getCookies", params);
  Json state = with("cookies", plain_cookies(part(found, "cookies")), "origins", turn.seat->origins.json());
  Json all = with("cookies", state["cookies"].size(), "origins", state["origins"].size());
  const std::string path = turn.input().value("path", "");
  if (path.empty())
    all["state"] = std::move(state);
  else
    all["path"] = co_await put_file(turn, path, state.dump(1));
  co_return all;
}

Task<Json> Plugin::load_state(Turn& turn) {
  const Json& input = turn.input();
  if (input.contains("path") == input.contains("state"))
    throw Error(422, "invalid_input", "which state? either path or state says it");
  Json given = input.value("state", Json());
  if (input.contains("path")) {
    const std::string path = input["path"];
    const std::string text = co_await get_file(turn, path, most_state);
    given = as_object(text);
  }
  Json cookies = cookies_of(part(given, "cookies"));
  const Origins origins = Origins::of(part(given, "origins"));
  Json all = with("cookies", cookies.size(), "origins", origins.all().size());
  if (input.value("fresh", false)) {
    const Json params = with("browserContextId", turn.seat->context);
    co_await Ask(m_browser->cdp(), turn.patience, the_browser, "Storage.clearCookies", params);
    Origins none;
    for (const auto& [origin, items] : turn.seat->origins.all()) none.blank(origin);
    co_await m_browser->put_origins(turn.patience, turn.seat, none);
  }
  const bool some = !cookies.empty();
  if (some) co_await put_cookies(turn, std::move(cookies));
  co_await m_browser->put_origins(turn.patience, turn.seat, origins);
  co_return all;
}

}  // namespace browser
