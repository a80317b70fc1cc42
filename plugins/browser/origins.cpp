// A state comes from a file, which anybody may have written: each field is looked at, and unknown ones are left out.
#include "origins.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

namespace browser {

namespace {

constexpr std::size_t most_cookies = 3000;

berth::Error bad_state(const std::string& why) {
  return {422, "bad_state", "this is no state of a browser: " + why,
          "browser.save_state writes them: {cookies: [...], origins: [{origin, localStorage: [{name, value}]}]}"};
}

std::string origin_told(const Json& params) {
  const Json& id = part(params, "storageId");
  if (part(id, "isLocalStorage") != true) return {};
  const std::string key = text_of(id, "storageKey");
  if (key.find('^') != key.npos) return {};  // of a frame within another site: not the origin's own
  return origin_of(key.empty() ? text_of(id, "securityOrigin") : key);
}

}  // namespace

std::string origin_of(const std::string& url) {
  const auto colon = url.find("://");
  if (colon == url.npos) return {};
  std::string scheme = url.substr(0, colon);
  std::transform(scheme.begin(), scheme.end(), scheme.begin(), [](unsigned char c) { return std::tolower(c); });
  if (scheme != "http" && scheme != "https") return {};
  const std::string host = url.substr(colon + 3, url.find_first_of("/?#\\", colon + 3) - colon - 3);
  const bool odd = std::any_of(host.begin(), host.end(), [](unsigned char c) {
    return c <= ' ' || c == '@' || c == '"' || c == '\'' || c == '<' || c == '>' || c == 0x7f;
  });
  if (host.empty() || host.size() > 300 || odd) return {};
  return scheme + "://" + host;
}

void Origins::set(const std::string& origin, const std::string& key, const std::string& value) {
  if (!m_all.contains(origin) && m_all.size() >= most_origins) return;
  remove(origin, key);
  if (m_bytes + key.size() + value.size() > most) return;
  m_all[origin][key] = value;
  m_bytes += key.size() + value.size();
}

void Origins::remove(const std::string& origin, const std::string& key) {
  const auto at = m_all.find(origin);
  if (at == m_all.end()) return;
  if (const auto item = at->second.find(key); item != at->second.end()) {
    m_bytes -= item->first.size() + item->second.size();
    at->second.erase(item);
  }
  if (at->second.empty()) m_all.erase(at);
}

void Origins::replace(const std::string& origin, const Items& items) {
  if (const auto node = m_all.extract(origin))
    for (const auto& [key, value] : node.mapped()) m_bytes -= key.size() + value.size();
  for (const auto& [key, value] : items) set(origin, key, value);
}

void Origins::event(const std::string& method, const Json& params) {
  const std::string origin = origin_told(params);
  if (origin.empty()) return;
  if (method == "DOMStorage.domStorageItemsCleared")
    replace(origin, {});
  else if (method == "DOMStorage.domStorageItemRemoved")
    remove(origin, text_of(params, "key"));
  else if (method == "DOMStorage.domStorageItemAdded" || method == "DOMStorage.domStorageItemUpdated")
    set(origin, text_of(params, "key"), text_of(params, "newValue"));
}

Json Origins::json() const {
  Json all = Json::array();
  for (const auto& [origin, items] : m_all) {
    Json list = Json::array();
    for (const auto& [key, value] : items) list.push_back(with("name", key, "value", value));
    all.push_back(with("origin", origin, "localStorage", std::move(list)));
  }
  return all;
}

Origins Origins::of(const Json& given) {
  Origins origins;
  if (given.is_null()) return origins;
  if (!given.is_array() || given.size() > most_origins)
    throw bad_state("origins is a list of " + std::to_string(most_origins) + " at the most");
  std::size_t bytes = 0;
  for (const Json& one : given) {
    const std::string said = text_of(one, "origin"), origin = origin_of(said);
    if (origin.empty() || origin.size() != said.size()) throw bad_state("an origin is like https://books.example");
    const Json& list = part(one, "localStorage");
    if (!list.is_null() && !list.is_array()) throw bad_state("localStorage is a list");
    for (const Json& item : list) {
      if (!part(item, "name").is_string() || !part(item, "value").is_string())
        throw bad_state("what is in localStorage has a name and a value, both texts");
      const std::string key = text_of(item, "name"), value = text_of(item, "value");
      if ((bytes += key.size() + value.size()) > most) throw bad_state("localStorage has more than 16 MiB");
      origins.set(origin, key, value);
    }
  }
  return origins;
}

Json cookies_of(const Json& given) {
  static constexpr std::array texts{"name", "value", "domain", "path", "url", "sameSite"};
  static constexpr std::array flags{"secure", "httpOnly"};
  if (given.is_null()) return Json::array();
  if (!given.is_array() || given.size() > most_cookies)
    throw bad_state("cookies is a list of " + std::to_string(most_cookies) + " at the most");
  Json all = Json::array();
  for (const Json& one : given) {
    if (!part(one, "name").is_string() || !part(one, "value").is_string())
      throw bad_state("a cookie has a name and a value, both texts");
    Json cookie = Json::object();
    for (const char* name : texts)
      if (const Json& value = part(one, name); value.is_string()) cookie[name] = value;
    for (const char* name : flags)
      if (const Json& value = part(one, name); value.is_boolean()) cookie[name] = value;
    if (const Json& value = part(one, "expires"); value.is_number() && value.get<double>() > 0)
      cookie["expires"] = value;
    if (const Json& value = part(one, "partitionKey"); value.is_object()) cookie["partitionKey"] = value;
    all.push_back(std::move(cookie));
  }
  return all;
}

}  // namespace browser
