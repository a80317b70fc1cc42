// What a session's pages are to take their surroundings for: a device, a place, a language, a slow network. Kept by the
// session, told to each of its pages.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "cdp.hpp"

namespace browser {

struct Emulation {
  Json wish = Json::object();  // as browser.emulate takes it
  bool consistent = true;      // what the browser says of itself fits together, also where nothing is wished

  // What a page's session is told. `of_frame`: one that has a process of its own.
  using Command = std::pair<const char*, Json>;
  std::vector<Command> commands(int width, int height, const std::string& user_agent, bool of_frame) const;
  // Of pages that are there already: what is not wished any more is taken back, too.
  std::vector<Command> anew(int width, int height, const std::string& user_agent, bool of_frame) const;
};

std::vector<std::string> device_names();
Json device(const std::string& name, const std::string& user_agent);  // the wishes that it stands for

// "HeadlessChrome/1.2" is "Chrome/1.2".
std::string plain_user_agent(const std::string& said);
// What Emulation.setUserAgentOverride takes: header fields and what scripts see agree with it.
Json agreeing(const std::string& user_agent, const std::string& locale);

}  // namespace browser
