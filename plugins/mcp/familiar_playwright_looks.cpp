// The tools of Playwright's server that only look.
#include <berth/call_parts.hpp>

#include <algorithm>
#include <cctype>
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
  std::string text = outline(text_in(part(page, "snapshot"), "text"));
  if (!text_in(arguments, "target").empty()) {
    const Json meant = element(arguments, "target");
    if (meant.contains("selector"))
      throw Error(422, "invalid_input", "target must be a ref here", "the whole snapshot shows them: [ref=e5]");
    text = part_of_outline(text, meant["ref"]);
    if (text.empty())
      throw Error(404, "no_element", "there is no " + text_in(arguments, "target") + " in the page any more");
  }
  if (const Json& depth = part(arguments, "depth"); depth.is_number())
    text = less_deep(text, static_cast<std::size_t>(std::clamp(depth.get<double>(), 1.0, 1000.0)));
  return told("### Page\n- Page URL: " + text_in(page, "url") + "\n- Page Title: " + text_in(page, "title") +
              "\n### Snapshot\n```yaml\n" + text + "```\n");
}

Json as_found(const Json& arguments, const Json& all) {
  const std::string wanted = text_in(arguments, "text"), page = outline(text_in(part(all.at(0), "snapshot"), "text"));
  if (wanted.empty()) throw Error(422, "invalid_input", "text says what is looked for; regex is not known here");
  std::string found;
  for (std::size_t at = 0; at < page.size();) {
    const auto end = page.find('\n', at);
    const std::string line = page.substr(at, end - at);
    const auto same = [](char a, char b) {
      return std::tolower(static_cast<unsigned char>(a)) == std::tolower(static_cast<unsigned char>(b));
    };
    if (std::search(line.begin(), line.end(), wanted.begin(), wanted.end(), same) != line.end()) found += line + "\n";
    at = end + 1;
  }
  return told(found.empty() ? "Nothing in the page's snapshot has \"" + wanted + "\"" : "```yaml\n" + found + "```\n");
}

Next to_picture(const Json& arguments, const Json& all) {
  Json input = given(arguments, Json::object(), {{"type", "type"}, {"fullPage", "full"}});
  if (!text_in(arguments, "target").empty()) input.update(element(arguments, "target"));
  return only(all, "browser.screenshot", std::move(input));
}
Json as_picture(const Json& arguments, const Json& all) {
  Json result = all.at(0);
  if (const auto name = text_in(arguments, "filename"); !name.empty() && part(result, "content").is_array())
    result["content"].push_back({{"type", "text"}, {"text", "It is not written to " + name + ": this answer has it."}});
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
  const auto tool = [](const char* name, const char* operation, const char* title, Json input,
                       Next (*next)(const Json&, const Json&), Json (*result)(const Json&, const Json&)) {
    const Json hints{{"readOnlyHint", true}, {"openWorldHint", true}};
    return Familiar{"playwright", name, operation, title, title, std::move(input), hints, nullptr, result, false, next};
  };
  const KnownField words{"element", "string", "What it is, in words"};
  return {
      tool("browser_snapshot", snapshot_operation, "The page as text, with refs to act on",
           known_input({{"target", "string", "A ref: only this element and what is inside of it"},
                        {"depth", "number", "Levels, at most"}}),
           &to_snapshot, &as_snapshot),
      tool("browser_find", snapshot_operation, "Find a text in the page's snapshot",
           known_input({{"*text", "string", "In any case"}}), &to_snapshot, &as_found),
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
