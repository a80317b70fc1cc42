// An element that somebody means, and what has to be true of it before it is used.
#pragma once

#include <string>
#include <vector>

#include "tab.hpp"

namespace browser {

struct Meant {  // one of them
  Meant() = default;
  Meant(std::string by_ref, std::string by_selector) : ref(std::move(by_ref)), selector(std::move(by_selector)) {}
  std::string ref, selector;
  std::string words() const { return ref.empty() ? selector : ref; }
};

inline Meant meant_of(const Json& input, const char* ref = "ref", const char* selector = "selector") {
  return Meant(input.value(ref, ""), input.value(selector, ""));
}

struct Element {
  Element(std::string in, std::string named, std::string meant)
      : session(std::move(in)), object(std::move(named)), words(std::move(meant)) {}
  std::string session, object;
  std::string words;
};

// The page was on its way to another one when it was asked: the next may be asked again.
inline bool is_leaving(const berth::Error& error) {
  const auto says = [&](const char* words) { return error.message().find(words) != std::string::npos; };
  return error.code() == "browser_refused" &&
         (says("context") || says("navigated") || says("Not attached to an active page"));
}

struct Point {
  double x = 0, y = 0;  // of the page's window
};

// The number of a world of our own in the page: it sees its elements, and nothing that its scripts have changed.
Task<Json> world_of(Patience& patience, std::shared_ptr<Tab> tab);
// A selector is waited for; a ref is there, or gone for good (404 stale_ref).
Task<Element> find(Patience& patience, std::shared_ptr<Tab> tab, Meant meant);
// `function`: JavaScript, called with the element as `this`. Throws what it throws, as 422 script_failed.
Task<Json> call(Patience& patience, std::shared_ptr<Tab> tab, Element element, const char* function,
                Json arguments = Json::array());
// Waits until it is there, seen, still, enabled, writable if it has to be, and what a click at it would hit. If time is
// up, the words of the error say what was in the way.
Task<Point> ready(Patience& patience, std::shared_ptr<Tab> tab, Element element, bool writable, bool hit);

}  // namespace browser
