// The tools of Playwright's server that only look.
#include <berth/call_parts.hpp>
#include <berth/json_text.hpp>

#include <algorithm>
#include <utility>

#include "familiar_pages.hpp"

namespace mcp {

namespace for_playwright {
namespace {

using namespace for_pages;
using berth::Error;
using Next = std::optional<Step>;

// Looking.

Next to_snapshot(const Json&, const Json& all) { return only(all, snapshot_operation, {{"max_bytes", 200'000}}); }

Json as_snapshot(const Json& arguments, const Json& all) {
  const Json& page = all.at(0);
  const bool cut = !part(part(page, "snapshot"), "next").is_null();
  std::string text = outline(text_in(part(page, "snapshot"), "text"));
  if (!text_in(arguments, "target").empty()) {
    const Json meant = element(arguments, "target");
    if (meant.contains("selector"))
      throw Error(422, "invalid_input", "target must be a ref here", "the whole snapshot shows them: [ref=e5]");
    text = part_of_outline(text, meant["ref"]);
    if (text.empty())
      throw Error(404, "no_element",
                  "there is no " + text_in(arguments, "target") +
                      (cut ? " in as much of the page as is shown" : " in the page any more"));
  }
  if (const Json& depth = part(arguments, "depth"); depth.is_number())
    text = less_deep(text, static_cast<std::size_t>(std::clamp(depth.get<double>(), 1.0, 1000.0)));
  return told(place_told(page) + "### Snapshot\n```yaml\n" + text + "```\n" +
              (cut ? "(and more, which is not shown here; browser_find looks in all of it)\n" : ""));
}

Next to_found(const Json& arguments, const Json& all) {
  const std::string wanted = text_in(arguments, "text");
  if (wanted.empty() || !part(arguments, "regex").is_null())
    throw Error(422, "invalid_input", "text says what is looked for; regex is not known here");
  return only(all, "browser.find", {{"text", wanted}});
}
Json as_found(const Json& arguments, const Json& all) {
  const Json &found = list_in(all.at(0), "found"), &count = part(all.at(0), "count");
  std::string lines;
  for (const Json& one : found) lines += text_in(one, "text") + "\n";
  if (lines.empty()) return told("Nothing in the page's snapshot has \"" + text_in(arguments, "text") + "\"");
  std::string text = "```yaml\n" + outline(lines) + "```\n";
  if (count != found.size()) text += "(and more: " + berth::json_text(count) + " lines have it)\n";
  return told(text);
}

Next to_picture(const Json& arguments, const Json& all) {
  Json input = given(arguments, Json::object(), {{"type", "type"}, {"fullPage", "full"}});
  if (!text_in(arguments, "target").empty()) input.update(element(arguments, "target"));
  return only(all, "browser.screenshot", std::move(input));
}
Json as_picture(const Json& arguments, const Json& all) {
  Json result = all.at(0);
  std::string notes;
  if (const auto name = text_in(arguments, "filename"); !name.empty())
    notes = "It is not written to " + name + ": this answer has it. ";
  if (part(arguments, "scale") == "device") notes += "Its pixels are those of CSS, and not the device's.";
  if (!notes.empty() && part(result, "content").is_array())
    result["content"].push_back({{"type", "text"}, {"text", notes}});
  return result;
}

Next to_console(const Json&, const Json& all) { return only(all, "browser.console", Json::object()); }
Json as_console(const Json& arguments, const Json& all) {
  const std::string level = text_in(arguments, "level");
  const auto grave = [](const std::string& kind) {
    return kind == "error" || kind == "exception" || kind == "assert" ? 3
           : kind == "warning"                                        ? 2
           : kind == "debug"                                          ? 0
                                                                      : 1;
  };
  const int least = level == "error" ? 3 : level == "warning" ? 2 : level == "debug" ? 0 : 1;
  std::string text;
  for (const Json& one : list_in(all.at(0), "lines")) {
    std::string kind = text_in(one, "kind");
    if (grave(kind) < least) continue;
    std::transform(kind.begin(), kind.end(), kind.begin(), [](unsigned char c) { return std::toupper(c); });
    text += "[" + kind + "] " + text_in(one, "text") + " @ " + text_in(one, "where") + "\n";
  }
  return told(text.empty() ? "The page has said nothing of that level." : text);
}

}  // namespace
}  // namespace for_playwright

std::vector<Familiar> playwright_looks() {
  using namespace for_playwright;
  const auto tool = [](const char* name, const char* operation, const char* title, Json input, To next, As result) {
    return page_tool("playwright", true, name, operation, title, std::move(input), next, result);
  };
  const KnownField words{"element", "string", "What it is, in words"};
  return {
      tool("browser_snapshot", snapshot_operation, "The page as text, with refs to act on",
           known_input({{"target", "string", "A ref: only this element and what is inside of it"},
                        {"depth", "number", "Levels, at most"}}),
           &to_snapshot, &as_snapshot),
      tool("browser_find", "browser.find", "Find a text in the page's snapshot",
           known_input({{"*text", "string", "In any case"}}), &to_found, &as_found),
      tool("browser_take_screenshot", "browser.screenshot", "Take a picture of the page, or of an element",
           known_input({words,
                        {"target", "string", "A ref or a CSS selector; the window, if it is left out"},
                        {"type", "string", "Which", {{"enum", {"png", "jpeg"}}}},
                        {"filename", "string", "It is in the answer, and in no file"},
                        {"fullPage", "boolean", "All of the page, and not the window's part"},
                        {"scale", "string", "Pictures are always in CSS pixels", {{"enum", {"css", "device"}}}}}),
           &to_picture, &as_picture),
      tool("browser_console_messages", "browser.console", "What the page has said on its console",
           known_input(
               {{"level", "string", "This and what is graver", {{"enum", {"error", "warning", "info", "debug"}}}},
                {"all", "boolean", "All are shown anyway"}}),
           &to_console, &as_console),
  };
}

}  // namespace mcp
