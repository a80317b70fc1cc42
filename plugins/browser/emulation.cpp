// A page that looks closely compares what it is told: header fields, client hints, navigator. So all of it is made of
// the one user agent.
#include "emulation.hpp"

#include <array>

namespace browser {

namespace {

struct Device {
  const char* name;
  int width, height;
  double scale;
  bool mobile;
  const char* user_agent;  // %: the browser's version
};

constexpr const char* of_iphone =
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 "
    "Mobile/15E148 Safari/604.1";
constexpr const char* of_ipad =
    "Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 "
    "Safari/604.1";
constexpr const char* of_android =
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/%.0.0.0 Mobile Safari/537.36";
constexpr const char* of_windows =
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/%.0.0.0 Safari/537.36";
constexpr const char* of_mac =
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/%.0.0.0 "
    "Safari/537.36";

constexpr std::array<Device, 6> devices{{{"iPhone", 393, 852, 3, true, of_iphone},
                                         {"iPhone SE", 375, 667, 2, true, of_iphone},
                                         {"iPad", 820, 1180, 2, true, of_ipad},
                                         {"Android", 412, 915, 2.625, true, of_android},
                                         {"Windows", 1920, 1080, 1, false, of_windows},
                                         {"Mac", 1440, 900, 2, false, of_mac}}};

std::string major_of(const std::string& user_agent) {
  const auto at = user_agent.find("Chrome/");
  if (at == user_agent.npos) return {};
  const auto end = user_agent.find_first_not_of("0123456789", at + 7);
  return user_agent.substr(at + 7, end == user_agent.npos ? end : end - at - 7);
}

struct Platform {
  const char *sign, *of_scripts, *of_hints, *version, *architecture;
};
constexpr std::array<Platform, 5> platforms{{{"Windows NT", "Win32", "Windows", "10.0.0", "x86"},
                                             {"iPhone", "iPhone", "iOS", "17.5.0", ""},
                                             {"iPad", "iPad", "iOS", "17.5.0", ""},
                                             {"Macintosh", "MacIntel", "macOS", "10.15.7", "x86"},
                                             {"Android", "Linux armv81", "Android", "10.0.0", ""}}};
constexpr Platform linux_one{"", "Linux x86_64", "Linux", "", "x86"};

const Platform& platform_of(const std::string& user_agent) {
  for (const auto& one : platforms)
    if (user_agent.find(one.sign) != user_agent.npos) return one;
  return linux_one;
}

Json brand(const char* name, const std::string& version) { return with("brand", name, "version", version); }

Json media_of(const Json& wish) {
  Json features = Json::array();
  features.push_back(with("name", "prefers-color-scheme", "value", wish.value("colour_scheme", "")));
  features.push_back(
      with("name", "prefers-reduced-motion", "value", wish.value("reduced_motion", false) ? "reduce" : ""));
  return with("media", wish.value("media", ""), "features", std::move(features));
}

Json network_of(const Json& wish) {
  return with("offline", wish.value("offline", false), "latency", wish.value("latency", 0), "downloadThroughput",
              wish.value("download", -1), "uploadThroughput", wish.value("upload", -1));
}

Json metrics_of(const Json& wish, int width, int height) {
  return with("width", wish.value("width", width), "height", wish.value("height", height), "deviceScaleFactor",
              wish.value("scale", 1.0), "mobile", wish.value("mobile", false));
}

}  // namespace

std::vector<std::string> device_names() {
  std::vector<std::string> all;
  for (const auto& one : devices) all.emplace_back(one.name);
  return all;
}

Json device(const std::string& name, const std::string& user_agent) {
  for (const auto& one : devices) {
    if (name != one.name) continue;
    std::string said = one.user_agent;
    if (const auto at = said.find('%'); at != said.npos) said.replace(at, 1, major_of(user_agent));
    return with("width", one.width, "height", one.height, "scale", one.scale, "mobile", one.mobile, "touch", one.mobile,
                "user_agent", said);
  }
  return Json::object();
}

std::string plain_user_agent(const std::string& said) {
  std::string plain = said;
  if (const auto at = plain.find("HeadlessChrome/"); at != plain.npos) plain.erase(at, 8);
  return plain;
}

Json agreeing(const std::string& user_agent, const std::string& locale) {
  const Platform& platform = platform_of(user_agent);
  Json all = with("userAgent", user_agent, "platform", platform.of_scripts);
  if (!locale.empty()) {
    const auto dash = locale.find('-');
    all["acceptLanguage"] = dash == locale.npos ? locale : locale + "," + locale.substr(0, dash);
  }
  const std::string major = major_of(user_agent);
  if (major.empty()) return all;  // of another browser, which has no client hints
  const bool mobile = user_agent.find("Mobile") != user_agent.npos;
  Json brands = Json::array({brand("Chromium", major), brand("Not=A?Brand", "24")});
  Json whole = Json::array({brand("Chromium", major + ".0.0.0"), brand("Not=A?Brand", "24.0.0.0")});
  all["userAgentMetadata"] =
      with("brands", std::move(brands), "fullVersionList", std::move(whole), "fullVersion", major + ".0.0.0",
           "platform", platform.of_hints, "platformVersion", platform.version, "architecture", platform.architecture,
           "model", "", "mobile", mobile, "bitness", mobile ? "" : "64", "wow64", false);
  return all;
}

std::vector<Emulation::Command> Emulation::commands(int width, int height, const std::string& user_agent,
                                                    bool of_frame) const {
  std::vector<Command> all;
  if (!of_frame) all.emplace_back("Emulation.setDeviceMetricsOverride", metrics_of(wish, width, height));
  const std::string locale = wish.value("locale", ""), plain = plain_user_agent(user_agent);
  if (wish.contains("user_agent") || !locale.empty() || (consistent && plain != user_agent))
    all.emplace_back("Emulation.setUserAgentOverride", agreeing(wish.value("user_agent", plain), locale));
  if (!locale.empty()) all.emplace_back("Emulation.setLocaleOverride", with("locale", locale));
  if (wish.contains("time_zone"))
    all.emplace_back("Emulation.setTimezoneOverride", with("timezoneId", wish["time_zone"]));
  if (wish.contains("touch"))
    all.emplace_back("Emulation.setTouchEmulationEnabled", with("enabled", wish["touch"], "maxTouchPoints", 5));
  if (wish.contains("offline") || wish.contains("latency") || wish.contains("download") || wish.contains("upload"))
    all.emplace_back("Network.emulateNetworkConditions", network_of(wish));
  if (wish.contains("latitude"))
    all.emplace_back("Emulation.setGeolocationOverride",
                     with("latitude", wish["latitude"], "longitude", wish.value("longitude", 0.0), "accuracy",
                          wish.value("accuracy", 10.0)));
  if (wish.contains("colour_scheme") || wish.contains("reduced_motion") || wish.contains("media"))
    all.emplace_back("Emulation.setEmulatedMedia", media_of(wish));
  if (wish.contains("cpu") && !of_frame) all.emplace_back("Emulation.setCPUThrottlingRate", with("rate", wish["cpu"]));
  return all;
}

std::vector<Emulation::Command> Emulation::anew(int width, int height, const std::string& user_agent,
                                                bool of_frame) const {
  std::vector<Command> all;
  all.emplace_back("Emulation.setLocaleOverride", with());
  all.emplace_back("Emulation.setTimezoneOverride", with("timezoneId", ""));
  all.emplace_back("Emulation.setTouchEmulationEnabled", with("enabled", false));
  all.emplace_back("Network.emulateNetworkConditions", network_of(Json::object()));
  all.emplace_back("Emulation.clearGeolocationOverride", with());
  all.emplace_back("Emulation.setEmulatedMedia", media_of(Json::object()));
  if (!of_frame) all.emplace_back("Emulation.setCPUThrottlingRate", with("rate", 1));
  all.emplace_back("Emulation.setUserAgentOverride", with("userAgent", ""));
  for (auto& one : commands(width, height, user_agent, of_frame)) all.push_back(std::move(one));
  return all;
}

}  // namespace browser
