// The tools of Playwright's server for what a page takes its surroundings for, its requests, and files that it wants.
#include <berth/call_parts.hpp>
#include <berth/json_text.hpp>

#include <utility>

#include "familiar_pages.hpp"

namespace mcp {

namespace for_playwright {
namespace {

using namespace for_pages;

std::optional<Step> to_size(const Json& arguments, const Json& all) {
  return only(all, "browser.emulate", given(arguments, Json::object(), {{"width", "width"}, {"height", "height"}}));
}
std::optional<Step> to_media(const Json& arguments, const Json& all) {
  Json input = given(arguments, Json::object(), {{"colorScheme", "colour_scheme"}, {"media", "media"}});
  const auto motion = text_in(arguments, "reducedMotion");
  if (!motion.empty()) input["reduced_motion"] = motion == "reduce";
  if (input.empty() || (!motion.empty() && motion != "reduce" && motion != "no-preference"))
    throw berth::Error(
        422, "invalid_input",
        "colorScheme (light, dark), reducedMotion (reduce, no-preference) or media (screen, print) says what");
  return only(all, "browser.emulate", std::move(input));
}
Json as_surroundings(const Json&, const Json& all) {
  return told("The session's pages have now: " + berth::json_text(part(all.at(0), "emulated")));
}

std::optional<Step> to_requests(const Json& arguments, const Json& all) {
  return only(all, "browser.network", given(arguments, {{"most", 200}}, {{"filter", "url"}}));
}
std::string line_of(const Json& request) {
  const Json &status = part(request, "status"), &error = part(request, "error");
  std::string text =
      berth::json_text(part(request, "number")) + ". [" + text_in(request, "method") + "] " + text_in(request, "url");
  if (status.is_number()) text += " => [" + berth::json_text(status) + "]";
  if (error.is_string() && error != "") text += " " + error.get<std::string>();
  return text;
}
// What pages are made of, and what came as it should.
bool is_static(const Json& request) {
  const std::string type = text_in(request, "type");
  const Json& status = part(request, "status");
  return (type == "Image" || type == "Font" || type == "Script" || type == "Stylesheet" || type == "Media") &&
         status.is_number() && status < 400;
}
Json as_requests(const Json& arguments, const Json& all) {
  const Json& earlier = part(all.at(0), "left_out");
  std::string text;
  int hidden = 0;
  for (const Json& one : list_in(all.at(0), "requests")) {
    const bool shown = part(arguments, "static") == true || !is_static(one);
    hidden += shown ? 0 : 1;
    if (shown) text += line_of(one) + "\n";
  }
  if (text.empty()) text = "The page has asked the network for nothing like that.\n";
  if (hidden > 0) text += "(and " + std::to_string(hidden) + " static ones: static shows them)\n";
  if (earlier.is_number() && earlier > 0) text += "(and " + berth::json_text(earlier) + " before these)\n";
  return told(text);
}
std::optional<Step> to_request(const Json& arguments, const Json& all) {
  return only(all, "browser.exchange", given(arguments, {{"max_bytes", 100'000}}, {{"index", "number"}}));
}
Json as_request(const Json&, const Json& all) { return told(berth::json_text(all.at(0))); }

std::optional<Step> to_files(const Json& arguments, const Json& all) {
  return only(all, "browser.upload", given(arguments, shown(Json::object()), {{"paths", "paths"}}));
}

}  // namespace
}  // namespace for_playwright

std::vector<Familiar> playwright_more() {
  using namespace for_playwright;
  const auto tool = [](const char* name, const char* operation, const char* title, bool looks, Json input, To next,
                       As result) {
    return page_tool("playwright", looks, name, operation, title, std::move(input), next, result);
  };
  const Json paths{{"items", {{"type", "string"}}}};
  return {
      tool("browser_resize", "browser.emulate", "Resize the window", false,
           known_input({{"*width", "number", "In pixels"}, {"*height", "number", "In pixels"}}), &to_size,
           &as_surroundings),
      tool("browser_emulate_media", "browser.emulate", "Emulate media features", false,
           known_input({{"colorScheme", "string", "light, dark"},
                        {"reducedMotion", "string", "reduce, no-preference"},
                        {"media", "string", "screen, print"}}),
           &to_media, &as_surroundings),
      tool("browser_network_requests", "browser.network", "List what the page has asked the network for", true,
           known_input({{"filter", "string", "A part of the URL"},
                        {"static", "boolean", "Pictures, fonts, scripts and styles, too"}}),
           &to_requests, &as_requests),
      tool("browser_network_request", "browser.exchange", "One request and its answer", true,
           known_input({{"*index", "integer", "Its number in the list"}}), &to_request, &as_request),
      tool("browser_file_upload", "browser.upload", "Give the page files of the workspace, once it has asked for some",
           false, known_input({{"*paths", "array", "As /workspace/output/a.csv", paths}}), &to_files, &as_page),
  };
}

}  // namespace mcp
