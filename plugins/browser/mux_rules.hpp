// What a client of the multiplexer may ask of the browser: a list of what is let through, and words for what is not.
#pragma once

#include <berth/json_part.hpp>

#include <functional>
#include <string>

namespace browser {

using berth::Json;

// What a client may touch. Whatever it names that is not here does not exist for it.
struct Reach {
  std::string home;  // the context of its session, which it takes for the browser's default one
  bool admin = false;
  std::function<bool(const std::string&)> context, target, line, window, stream;
};

enum class Fate { pass, refuse, ours };
struct Ruling {
  Fate fate = Fate::refuse;
  Json params;        // as it is to be sent
  std::string words;  // refuse
};

// `whole`: it is asked of the browser and not of one of its pages.
Ruling ruling(const Reach& reach, bool whole, const std::string& method, Json params);

// Whether it does something with a page, or to it: not while a human has it (mux_held.cpp).
bool acts(const std::string& method);

// Whether a page may be sent there: no file, no page of the browser's own.
bool may_go_to(const std::string& url);
inline constexpr const char* ways_to_go = "only http:, https:, data:, blob: and about:blank can be gone to";

// Which targets a client wants to hear of, as Target.setDiscoverTargets and its like take it.
bool fits_filter(const Json& filter, const std::string& type);

}  // namespace browser
