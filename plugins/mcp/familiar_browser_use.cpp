// The tools of browser-use's server on plugins/browser. What it calls an element's index is the number of our ref.
#include <berth/call_parts.hpp>
#include <berth/json_text.hpp>

#include <algorithm>
#include <utility>

#include "familiar_pages.hpp"

namespace mcp {

namespace for_browser_use {
namespace {

using namespace for_pages;
using berth::Error;
using Next = std::optional<Step>;

std::string ref_of(const Json& arguments) {
  const Json& index = part(arguments, "index");
  if (!index.is_number_unsigned()) throw Error(422, "invalid_input", "index must be one that browser_get_state shows");
  return "e" + berth::json_text(index);
}
std::string index_text(const Json& arguments) { return berth::json_text(part(arguments, "index")); }
std::string place(const Json& answer) {
  return " It is at " + text_in(answer, "url") + " (" + text_in(answer, "title") + ").";
}

// Going.

Next to_url(const Json& arguments, const Json& all) {
  return only(all, "browser.navigate", given(arguments, Json::object(), {{"url", "url"}, {"new_tab", "new_tab"}}));
}
Json as_gone(const Json& arguments, const Json& all) {
  return told("Navigated to: " + text_in(arguments, "url") + "." + place(all.at(0)));
}
Next to_last(const Json&, const Json& all) { return only(all, "browser.back", Json::object()); }
Json as_back(const Json&, const Json& all) { return told("Navigated back." + place(all.at(0))); }

// Mouse and keys.

Next to_click(const Json& arguments, const Json& all) {
  const Json &x = part(arguments, "coordinate_x"), &y = part(arguments, "coordinate_y");
  Json input = Json::object();
  if (x.is_number() && y.is_number()) {
    input["x"] = x;
    input["y"] = y;
  } else {
    input["ref"] = ref_of(arguments);
  }
  if (part(arguments, "new_tab") == true) input["held"] = Json::array({"Control"});
  return only(all, "browser.click", std::move(input));
}
Json as_clicked(const Json& arguments, const Json& all) {
  return told((arguments.contains("index") ? "Clicked element " + index_text(arguments) : std::string("Clicked")) +
              "." + place(all.at(0)));
}
Next to_type(const Json& arguments, const Json& all) {
  return only(all, "browser.fill", {{"ref", ref_of(arguments)}, {"text", part(arguments, "text")}});
}
Json as_typed(const Json& arguments, const Json&) {
  return told("Typed '" + text_in(arguments, "text") + "' into element " + index_text(arguments));
}
Next to_scroll(const Json& arguments, const Json& all) {
  const Json& way = part(arguments, "direction");
  if (!way.is_null() && way != "up" && way != "down") throw Error(422, "invalid_input", "direction is up or down");
  return only(all, "browser.scroll", {{"y", way == "up" ? -600 : 600}});
}
Json as_scrolled(const Json& arguments, const Json&) {
  return told("Scrolled " + std::string(text_in(arguments, "direction") == "up" ? "up" : "down"));
}

// Looking.

Next to_state(const Json& arguments, const Json& all) {
  if (all.empty()) return Step{snapshot_operation, {{"max_bytes", 50'000}}};
  if (all.size() == 1) return Step{"browser.tabs", Json::object()};
  if (all.size() == 2 && part(arguments, "include_screenshot") == true)
    return Step{"browser.screenshot", {{"type", "png"}}};
  return std::nullopt;
}

// `button "Go" [e5] disabled` → 5, and the line without its ref. 0: it is nothing to act on.
unsigned long index_of(std::string& line) {
  const auto place = place_of_ref(line);
  if (!place) return 0;
  const auto index = std::stoul(line.substr(place->begin + 1, place->end - place->begin - 1));
  line.erase(place->begin - 2, place->end + 3 - place->begin);
  return index;
}

Json as_state(const Json&, const Json& all) {
  const Json &page = all.at(0), &view = part(page, "snapshot");
  Json state{{"url", part(page, "url")},
             {"title", part(page, "title")},
             {"tabs", Json::array()},
             {"interactive_elements", Json::array()}};
  for (const Json& tab : list_in(all.at(1), "tabs"))
    state["tabs"].push_back({{"tab_id", part(tab, "tab")}, {"url", part(tab, "url")}, {"title", part(tab, "title")}});
  for (std::string line : lines_of(text_in(view, "text"))) {
    line.erase(0, std::min(line.find_first_not_of(' '), line.size()));
    if (const auto index = index_of(line); index != 0)
      state["interactive_elements"].push_back(
          {{"index", index}, {"tag", line.substr(0, line.find(' '))}, {"text", line}});
  }
  if (!part(view, "next").is_null()) state["cut"] = true;
  Json result = told(state.dump(2));
  if (all.size() > 2)
    for (const Json& block : list_in(all[2], "content")) result["content"].push_back(block);
  return result;
}

Next to_text(const Json& arguments, const Json& all) {
  if (all.empty()) return Step{"browser.extract", {{"as", "text"}, {"whole", true}, {"max_bytes", 100'000}}};
  if (all.size() == 1 && part(arguments, "extract_links") == true) return Step{"browser.extract", {{"as", "links"}}};
  return std::nullopt;
}
Json as_text(const Json& arguments, const Json& all) {
  const Json& page = all.at(0);
  std::string text = text_in(page, "text");
  if (!part(page, "next").is_null())
    text += "\n[and more: these are the first of " + berth::json_text(part(page, "bytes")) + " bytes]";
  for (const Json& link : list_in(all.back(), "links"))
    text += "\n[" + text_in(link, "text") + "](" + text_in(link, "url") + ")";
  return told("The text of " + text_in(page, "url") +
              ", in which you look yourself for: " + text_in(arguments, "query") + "\n\n" + text);
}
Next to_html(const Json& arguments, const Json& all) {
  const std::string selector = text_in(arguments, "selector");
  const std::string element =
      selector.empty() ? "document.documentElement" : "document.querySelector(" + quoted(selector) + ")";
  return only(all, "browser.evaluate", {{"expression", element + "?.outerHTML ?? null"}});
}
Json as_html(const Json& arguments, const Json& all) {
  const Json& value = part(all.at(0), "value");
  if (!value.is_string()) throw Error(404, "no_element", "there is no element " + text_in(arguments, "selector"));
  return told(value);
}
Next to_picture(const Json& arguments, const Json& all) {
  return only(all, "browser.screenshot", given(arguments, Json::object(), {{"full_page", "full"}}));
}
Json as_it_is(const Json&, const Json& all) { return all.at(0); }

// Tabs and sessions: of the latter a client has one, which is Berth's.

Next to_tabs(const Json&, const Json& all) { return only(all, "browser.tabs", Json::object()); }
Json as_tabs(const Json&, const Json& all) {
  Json tabs = Json::array();
  for (const Json& tab : list_in(all.at(0), "tabs"))
    tabs.push_back({{"tab_id", part(tab, "tab")},
                    {"url", part(tab, "url")},
                    {"title", part(tab, "title")},
                    {"active", part(tab, "active")}});
  return told(tabs.dump(2));
}
Next to_tab(const Json& arguments, const Json& all) {
  return only(all, "browser.select_tab", {{"tab", part(arguments, "tab_id")}});
}
Json as_switched(const Json& arguments, const Json& all) {
  return told("Switched to tab " + text_in(arguments, "tab_id") + "." + place(all.at(0)));
}
Next to_less(const Json& arguments, const Json& all) {
  return only(all, "browser.close_tab", {{"tab", part(arguments, "tab_id")}});
}
Json as_less(const Json& arguments, const Json&) { return told("Closed tab " + text_in(arguments, "tab_id")); }

Json as_sessions(const Json&, const Json& all) {
  return told(
      Json::array({{{"session_id", "berth"}, {"active", true}, {"tabs", list_in(all.at(0), "tabs").size()}}}).dump(2));
}
Next to_none(const Json& arguments, const Json& all) {
  if (const auto id = text_in(arguments, "session_id"); !id.empty() && id != "berth")
    throw Error(404, "no_session", "there is no session " + id + ": the only one is berth");
  return to_close_all(arguments, all);
}
Json as_none(const Json&, const Json& all) {
  return told("Closed " + std::to_string(all.size() - 1) + " tabs; its cookies stay with the session.");
}

}  // namespace
}  // namespace for_browser_use

std::vector<Familiar> browser_use_tools() {
  using namespace for_browser_use;
  const auto tool = [](const char* name, const char* operation, const char* title, Json input, To next, As result,
                       bool looks = false) {
    return page_tool("browser-use", looks, name, operation, title, std::move(input), next, result);
  };
  const KnownField tab{"*tab_id", "string", "As browser_list_tabs shows it"}, url{"*url", "string", "Where to"},
      fresh{"new_tab", "boolean", "In a new tab"};
  const KnownField index{"*index", "integer", "As browser_get_state shows it"};
  const Json click = known_input({{"index", "integer", "As browser_get_state shows it"},
                                  {"coordinate_x", "integer", "Or a place in the window"},
                                  {"coordinate_y", "integer", "… with both"},
                                  fresh});
  const Json extract = known_input({{"*query", "string", "What is looked for, by whoever reads the answer"},
                                    {"extract_links", "boolean", "The links, too"}});
  return {
      tool("browser_navigate", "browser.navigate", "Go to a URL", known_input({url, fresh}), &to_url, &as_gone),
      tool("browser_click", "browser.click", "Click an element by its index, or a place", click, &to_click,
           &as_clicked),
      tool("browser_type", "browser.fill", "Type a text into a field, in the place of what is there",
           known_input({index, {"*text", "string", "What"}}), &to_type, &as_typed),
      tool("browser_get_state", snapshot_operation, "The page: what can be acted on, and the tabs",
           known_input({{"include_screenshot", "boolean", "A picture, too"}}), &to_state, &as_state, true),
      tool("browser_extract_content", "browser.extract", "The page's text, and its links", extract, &to_text, &as_text,
           true),
      tool("browser_get_html", "browser.evaluate", "The HTML of the page, or of an element",
           known_input({{"selector", "string", "CSS"}}), &to_html, &as_html, true),
      tool("browser_screenshot", "browser.screenshot", "A picture of the page",
           known_input({{"full_page", "boolean", "All of it"}}), &to_picture, &as_it_is, true),
      tool("browser_scroll", "browser.scroll", "Scroll the page",
           known_input({{"direction", "string", "Which way", {{"enum", {"up", "down"}}}}}), &to_scroll, &as_scrolled),
      tool("browser_go_back", "browser.back", "Go back to the page before", known_input({}), &to_last, &as_back),
      tool("browser_list_tabs", "browser.tabs", "The tabs", known_input({}), &to_tabs, &as_tabs, true),
      tool("browser_switch_tab", "browser.select_tab", "Make a tab the active one", known_input({tab}), &to_tab,
           &as_switched),
      tool("browser_close_tab", "browser.close_tab", "Close a tab", known_input({tab}), &to_less, &as_less),
      tool("browser_list_sessions", "browser.tabs", "The sessions: there is this one", known_input({}), &to_tabs,
           &as_sessions, true),
      tool("browser_close_session", "browser.close_tab", "Close the tabs of a session",
           known_input({{"*session_id", "string", "As browser_list_sessions shows it"}}), &to_none, &as_none),
      tool("browser_close_all", "browser.close_tab", "Close all tabs", known_input({}), &to_none, &as_none),
  };
}

}  // namespace mcp
