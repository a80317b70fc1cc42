// The tools of Playwright's server on what of plugins/browser only its later versions have: they are listed where it
// does.
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
// What ours has no word for is left out: `no-preference` is what a page finds anyway.
std::optional<Step> to_media(const Json& arguments, const Json& all) {
  Json input = Json::object();
  const std::string scheme = text_in(arguments, "colorScheme"), media = text_in(arguments, "media");
  if (scheme == "light" || scheme == "dark") input["colour_scheme"] = scheme;
  if (media == "screen" || media == "print") input["media"] = media;
  if (const auto motion = text_in(arguments, "reducedMotion"); !motion.empty())
    input["reduced_motion"] = motion == "reduce";
  if (input.empty())
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
Json as_requests(const Json&, const Json& all) {
  std::string text;
  for (const Json& one : list_in(all.at(0), "requests")) text += line_of(one) + "\n";
  return told(text.empty() ? "The page has asked the network for nothing like that." : text);
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
  using To = std::optional<Step> (*)(const Json&, const Json&);
  using As = Json (*)(const Json&, const Json&);
  const auto tool = [](const char* name, const char* operation, const char* title, bool looks, Json input, To next,
                       As result) {
    Json hints{{"readOnlyHint", looks}, {"openWorldHint", true}};
    if (!looks) hints["destructiveHint"] = true;
    return Familiar{"playwright",     name,    operation, title, title, std::move(input),
                    std::move(hints), nullptr, result,    false, next};
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
           known_input({{"filter", "string", "A part of the URL"}, {"static", "boolean", "They are shown anyway"}}),
           &to_requests, &as_requests),
      tool("browser_network_request", "browser.exchange", "One request and its answer", true,
           known_input({{"*index", "integer", "Its number in the list"}}), &to_request, &as_request),
      tool("browser_file_upload", "browser.upload", "Give the page files of the workspace, once it has asked for some",
           false, known_input({{"*paths", "array", "As /workspace/output/a.csv", paths}}), &to_files, &as_page),
  };
}

}  // namespace mcp
