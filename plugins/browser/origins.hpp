// What pages keep in localStorage, by origin: a copy, made of what the browser tells, so that it can be saved and be
// put into the next browser.
#pragma once

#include <cstddef>
#include <map>
#include <string>

#include "cdp.hpp"

namespace browser {

class Origins {
 public:
  using Items = std::map<std::string, std::string>;
  static constexpr std::size_t most = 16u << 20;  // bytes of all; what comes on top is not kept
  static constexpr std::size_t most_origins = 200;

  void event(const std::string& method, const Json& params);  // DOMStorage.*
  void replace(const std::string& origin, const Items& items);
  void blank(const std::string& origin) { m_all[origin]; }  // one that has nothing, and is to have nothing
  bool empty() const { return m_all.empty(); }
  const std::map<std::string, Items>& all() const { return m_all; }

  // [{origin, localStorage: [{name, value}, …]}, …], as Playwright writes it.
  Json json() const;
  // Throws 422 bad_state.
  static Origins of(const Json& given);

 private:
  void set(const std::string& origin, const std::string& key, const std::string& value);
  void remove(const std::string& origin, const std::string& key);
  std::map<std::string, Items> m_all;
  std::size_t m_bytes = 0;
};

// "https://books.example" of such a URL; empty if it has no origin.
std::string origin_of(const std::string& url);

// Of a state that was given: what a cookie has, and nothing else. Throws 422 bad_state.
Json cookies_of(const Json& given);

}  // namespace browser
