// HAR 1.2: what browsers' own tools and others' read. All that it demands is there; what is not known is -1, as it
// says.
#include <berth/output.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <utility>

#include "traffic.hpp"
#include "words.hpp"

namespace browser {

namespace {

std::string time_words(double seconds) {
  const auto whole = static_cast<std::time_t>(seconds);
  std::tm parts = {};
  ::gmtime_r(&whole, &parts);
  std::array<char, 40> text{};
  const auto size = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S", &parts);
  std::array<char, 8> rest{};
  std::snprintf(rest.data(), rest.size(), ".%03dZ", static_cast<int>((seconds - std::floor(seconds)) * 1000) % 1000);
  return std::string(text.data(), size) + rest.data();
}

Json pairs(const Json& fields) {
  Json all = Json::array();
  if (!fields.is_object()) return all;
  for (const auto& [name, value] : fields.items()) all.push_back(with("name", name, "value", value));
  return all;
}

std::string plain(std::string text) {
  std::replace(text.begin(), text.end(), '+', ' ');
  return berth::clean(unescaped(text));
}

Json query_of(const std::string& url) {
  Json all = Json::array();
  const auto mark = url.find('?');
  if (mark == url.npos) return all;
  std::string rest = url.substr(mark + 1, url.find('#') - mark - 1);
  while (!rest.empty()) {
    const auto end = std::min(rest.find('&'), rest.size());
    const std::string one = rest.substr(0, end);
    rest.erase(0, end + 1);
    const auto equal = std::min(one.find('='), one.size());
    all.push_back(
        with("name", plain(one.substr(0, equal)), "value", plain(one.substr(std::min(equal + 1, one.size())))));
  }
  return all;
}

std::string field_of(const Json& fields, const std::string& wanted) {
  for (const auto& [name, value] : fields.items()) {
    const bool same = std::equal(name.begin(), name.end(), wanted.begin(), wanted.end(),
                                 [](unsigned char a, unsigned char b) { return std::tolower(a) == std::tolower(b); });
    if (same && value.is_string()) return value.get<std::string>();
  }
  return {};
}

double between(const Json& timing, const char* from, const char* to) {
  const double begin = part(timing, from).is_number() ? number_of(timing, from) : -1;
  const double end = part(timing, to).is_number() ? number_of(timing, to) : -1;
  return begin < 0 || end < begin ? -1 : end - begin;
}

Json timings_of(const Exchange& one, double total) {
  const double send = std::max(0.0, between(one.timing, "sendStart", "sendEnd"));
  const double wait = std::max(0.0, between(one.timing, "sendEnd", "receiveHeadersEnd"));
  return with("blocked", -1, "dns", between(one.timing, "dnsStart", "dnsEnd"), "connect",
              between(one.timing, "connectStart", "connectEnd"), "ssl", between(one.timing, "sslStart", "sslEnd"),
              "send", send, "wait", wait, "receive", std::max(0.0, total - send - wait));
}

}  // namespace

Json har_entry(const Exchange& one) {
  const double total = one.done ? std::max(0.0, (one.ended - one.begun) * 1000) : 0;
  const std::string protocol = one.protocol.empty() ? "unknown" : one.protocol;
  Json request = with("method", one.method, "url", one.url, "httpVersion", protocol, "cookies", Json::array(),
                      "headers", pairs(one.asked), "queryString", query_of(one.url), "headersSize", -1, "bodySize",
                      one.post.empty() ? 0 : static_cast<std::int64_t>(one.post.size()));
  if (!one.post.empty()) request["postData"] = with("mimeType", field_of(one.asked, "content-type"), "text", one.post);
  const std::string type = one.mime.empty() ? "x-unknown" : one.mime;
  Json response = with("status", one.status, "statusText", one.status_text, "httpVersion", protocol, "cookies",
                       Json::array(), "headers", pairs(one.answered), "redirectURL", field_of(one.answered, "location"),
                       "headersSize", -1, "bodySize", one.done ? Json(one.received) : Json(-1), "content",
                       with("size", one.received, "mimeType", type));
  if (!one.error.empty()) response["_error"] = one.error;
  Json entry = with("startedDateTime", time_words(one.wall), "time", total, "request", std::move(request), "response",
                    std::move(response), "cache", Json::object(), "timings", timings_of(one, total));
  if (!one.remote.empty()) entry["serverIPAddress"] = one.remote;
  entry["_resourceType"] = one.type;
  return entry;
}

Json har_of(const Traffic& traffic, const std::map<std::uint64_t, Json>& bodies, const std::string& version) {
  Json entries = Json::array();
  for (const auto& one : traffic.all()) {
    Json entry = har_entry(*one);
    if (const auto at = bodies.find(one->number); at != bodies.end()) entry["response"]["content"].update(at->second);
    entries.push_back(std::move(entry));
  }
  const auto slash = version.find('/');
  const std::string number = slash == version.npos ? "?" : version.substr(slash + 1);
  return with("log",
              with("version", "1.2", "creator", with("name", "Berth", "version", "1"), "browser",
                   with("name", "Chromium", "version", number), "pages", Json::array(), "entries", std::move(entries)));
}

}  // namespace browser
