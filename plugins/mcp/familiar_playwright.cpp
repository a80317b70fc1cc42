// The tools of Playwright's server that do something, as far as plugins/browser can.
#include <berth/call_parts.hpp>
#include <berth/json_text.hpp>

#include <algorithm>
#include <cmath>
#include <utility>

#include "familiar_pages.hpp"

namespace mcp {

namespace for_playwright {
namespace {

using namespace for_pages;
using berth::Error;
using Next = std::optional<Step>;

// Going.

Next to_url(const Json& arguments, const Json& all) {
  std::string url = text_in(arguments, "url");
  const bool whole = url.find("://") != std::string::npos || url.rfind("about:", 0) == 0 || url.rfind("data:", 0) == 0;
  if (!whole) url.insert(0, url.rfind("localhost", 0) == 0 || url.rfind("127.", 0) == 0 ? "http://" : "https://");
  return and_look(all, "browser.navigate", {{"url", url}});
}
Next to_last(const Json&, const Json& all) { return and_look(all, "browser.back", Json::object()); }

Next to_wait(const Json& arguments, const Json& all) {
  const Json &time = part(arguments, "time"),
             condition = given(arguments, Json::object(), {{"text", "text"}, {"textGone", "gone"}});
  const bool waits = time.is_number();
  if (!waits && condition.empty()) throw Error(422, "invalid_input", "time, text or textGone says what for");
  if (waits && all.empty()) {
    const double seconds = std::clamp(time.get<double>(), 0.0, 30.0);
    const std::string code =
        "new Promise(done => setTimeout(done, " + std::to_string(std::lround(seconds * 1000)) + "))";
    return Step{"browser.evaluate", {{"expression", code}, {"timeout", seconds + 10}}};
  }
  const std::size_t done = waits ? 1 : 0;
  if (!condition.empty() && all.size() == done) return Step{"browser.wait", condition};
  return look(all, done + (condition.empty() ? 0 : 1));
}

// The session's tabs by their numbers: the first step tells their ids.
Next to_tabs(const Json& arguments, const Json& all) {
  const std::string action = text_in(arguments, "action");
  if (action == "new") {
    const std::string url = text_in(arguments, "url");
    if (all.empty() && !url.empty()) return Step{"browser.navigate", {{"url", url}, {"new_tab", true}}};
    if (all.empty()) return Step{"browser.new_tab", Json::object()};
  } else if (all.empty() && (action == "list" || action == "close" || action == "select")) {
    return Step{"browser.tabs", Json::object()};
  } else if (all.empty()) {
    throw Error(422, "invalid_input", "action is list, new, close or select");
  } else if (action != "list" && all.size() == 1) {
    const Json &tabs = list_in(all[0], "tabs"), &index = part(arguments, "index");
    for (std::size_t i = 0; i < tabs.size(); ++i) {
      const bool meant =
          index.is_number() ? index.get<double>() == static_cast<double>(i) : part(tabs[i], "active") == true;
      if (meant)
        return Step{action == "close" ? "browser.close_tab" : "browser.select_tab", {{"tab", part(tabs[i], "tab")}}};
    }
    throw Error(404, "no_tab", "there is no such tab", "action list shows them");
  }
  if (part(all.back(), "tabs").is_array()) return std::nullopt;
  return Step{"browser.tabs", Json::object()};
}
Json as_tabs(const Json&, const Json& all) {
  std::string text = "### Open tabs\n";
  const Json& tabs = list_in(all.back(), "tabs");
  for (std::size_t i = 0; i < tabs.size(); ++i)
    text += "- " + std::to_string(i) + ":" + (part(tabs[i], "active") == true ? " (current)" : "") + " [" +
            text_in(tabs[i], "title") + "](" + text_in(tabs[i], "url") + ")\n";
  return told(text);
}

Json as_closed(const Json&, const Json&) { return told("No open tabs. Navigate to a URL to create one."); }

// Mouse and keys.

Next to_click(const Json& arguments, const Json& all) {
  Json input = given(arguments, shown(element(arguments, "target")), {{"button", "button"}, {"doubleClick", "double"}});
  for (const Json& one : list_in(arguments, "modifiers"))
    input["held"].push_back(one == "ControlOrMeta" ? Json("Control") : one);
  return only(all, "browser.click", std::move(input));
}
Next to_hover(const Json& arguments, const Json& all) {
  return only(all, "browser.hover", shown(element(arguments, "target")));
}
Next to_drag(const Json& arguments, const Json& all) {
  Json input = element(arguments, "startTarget");
  input.update(element(arguments, "endTarget", "to_ref", "to_selector"));
  return only(all, "browser.drag", shown(std::move(input)));
}
Next to_choose(const Json& arguments, const Json& all) {
  return only(all, "browser.select", given(arguments, shown(element(arguments, "target")), {{"values", "values"}}));
}
Next to_press(const Json& arguments, const Json& all) {
  return only(all, "browser.press", given(arguments, shown({}), {{"key", "keys"}}));
}

Next to_type(const Json& arguments, const Json& all) {
  const bool submit = part(arguments, "submit") == true;
  Json input = given(arguments, shown(element(arguments, "target")), {{"text", "text"}});
  if (part(arguments, "slowly") == true) {
    input["submit"] = submit;
    return only(all, "browser.type", std::move(input));
  }
  if (submit && all.size() == 1 && !dialog_waits(all[0])) {
    Json enter = shown(element(arguments, "target"));
    enter["keys"] = "Enter";
    return Step{"browser.press", std::move(enter)};
  }
  if (submit) input.erase("snapshot");
  return only(all, "browser.fill", std::move(input));
}

Step field_of(const Json& field) {
  const std::string type = text_in(field, "type"), value = text_in(field, "value");
  Json input = element(field, "target");
  if (type == "checkbox" || type == "radio") {
    input["checked"] = part(field, "value") == true || value == "true";
    return {"browser.check", std::move(input)};
  }
  if (type == "combobox") {
    input["values"].push_back(value);
    return {"browser.select", std::move(input)};
  }
  input["text"] = value;
  return {"browser.fill", std::move(input)};
}
Next to_form(const Json& arguments, const Json& all) {
  const Json& fields = part(arguments, "fields");
  if (!fields.is_array() || fields.size() > 100) throw Error(422, "invalid_input", "fields is a list of 100 at most");
  if (all.size() < fields.size()) return field_of(fields[all.size()]);
  if (fields.empty()) throw Error(422, "invalid_input", "fields is empty");
  return look(all, fields.size());
}

// Of an element only where CSS says which: a ref is nothing that a page's own script could know.
Next to_evaluate(const Json& arguments, const Json& all) {
  std::string with;
  if (!text_in(arguments, "target").empty()) {
    const Json meant = element(arguments, "target");
    if (meant.contains("ref"))
      throw Error(422, "invalid_input", "target must be a selector of CSS here",
                  "a ref is not known to the page's scripts; look the element up in the function");
    with = "document.querySelector(" + quoted(meant["selector"]) + ")";
  }
  const std::string code = "(() => { const it = (" + text_in(arguments, "function") +
                           "\n); return typeof it === 'function' ? it(" + with + ") : it; })()";
  return only(all, "browser.evaluate", {{"expression", code}});
}

// The one that is open, or, if there is none, those that come.
Next to_dialogs(const Json& arguments, const Json& all) {
  const Json input = given(arguments, Json::object(), {{"accept", "accept"}, {"promptText", "text"}});
  if (all.empty()) return Step{"browser.answer_dialog", shown(input)};
  if (all.size() == 1 && all[0].contains("failed")) return Step{"browser.dialogs", input};
  return std::nullopt;
}
Json as_answered(const Json&, const Json& all) {
  if (all.size() == 1) return told(page_told(all));
  return told(page_told(Json::array({all[1]}), "No dialog is open. Those of this tab are answered so from now on."));
}

}  // namespace
}  // namespace for_playwright

std::vector<Familiar> playwright_hands() {
  using namespace for_playwright;
  const auto tool = [](const char* name, const char* operation, const char* title, Json input, To next,
                       As result = &as_page) {
    return page_tool("playwright", false, name, operation, title, std::move(input), next, result);
  };
  const auto dialogs = [&] {
    Familiar one = tool("browser_handle_dialog", "browser.answer_dialog", "Answer the dialog that is open",
                        known_input({{"*accept", "boolean", "Whether it is accepted"},
                                     {"promptText", "string", "What a prompt is answered with"}}),
                        &to_dialogs, &as_answered);
    one.unless = "no_dialog";
    return one;
  };
  const KnownField words{"element", "string", "What it is, in words"},
      target{"*target", "string", "A ref of the snapshot (e5), or a CSS selector"};
  const Json strings{{"items", {{"type", "string"}}}};
  const Json field = known_input(
      {{"*name", "string", "What it is, in words"},
       {"*type", "string", "What kind it is of", {{"enum", {"textbox", "checkbox", "radio", "combobox", "slider"}}}},
       target,
       {"*value", "string", "A text; true or false of a checkbox; the label of an option"}});
  return {
      tool("browser_navigate", "browser.navigate", "Navigate to a URL", known_input({{"*url", "string", "Where to"}}),
           &to_url),
      tool("browser_navigate_back", "browser.back", "Go back", known_input({}), &to_last),
      tool("browser_wait_for", "browser.wait", "Wait for a text, for its end, or for a time",
           known_input({{"time", "number", "Seconds, at most 30"},
                        {"text", "string", "That is to appear"},
                        {"textGone", "string", "That is to be gone"}}),
           &to_wait),
      tool("browser_tabs", "browser.tabs", "List, create, close or select a tab",
           known_input(
               {{"*action", "string", "What to do", {{"enum", {"list", "new", "close", "select"}}}},
                {"index", "number", "Of the tab, as the list shows it; close: the current one if it is left out"},
                {"url", "string", "Where a new one goes"}}),
           &to_tabs, &as_tabs),
      tool("browser_close", "browser.close_tab", "Close all tabs of the session", known_input({}), &to_close_all,
           &as_closed),
      tool("browser_click", "browser.click", "Click",
           known_input(
               {words,
                target,
                {"doubleClick", "boolean", "Twice"},
                {"button", "string", "Which", {{"enum", {"left", "right", "middle"}}}},
                {"modifiers",
                 "array",
                 "Keys that are held",
                 {{"items", {{"type", "string"}, {"enum", {"Alt", "Control", "ControlOrMeta", "Meta", "Shift"}}}}}}}),
           &to_click),
      tool("browser_hover", "browser.hover", "Hover over an element", known_input({words, target}), &to_hover),
      tool("browser_drag", "browser.drag", "Drag one element onto another",
           known_input({{"startElement", "string", "What is dragged, in words"},
                        {"*startTarget", "string", "Its ref or selector"},
                        {"endElement", "string", "Onto what, in words"},
                        {"*endTarget", "string", "Its ref or selector"}}),
           &to_drag),
      tool("browser_select_option", "browser.select", "Select options",
           known_input({words, target, {"*values", "array", "Values or labels", strings}}), &to_choose),
      tool("browser_press_key", "browser.press", "Press a key",
           known_input({{"*key", "string", "As ArrowLeft, a, Control+A"}}), &to_press),
      tool("browser_type", "browser.fill", "Type text into an element",
           known_input({words,
                        target,
                        {"*text", "string", "What"},
                        {"submit", "boolean", "Whether Enter follows"},
                        {"slowly", "boolean", "Key by key, behind what is there"}}),
           &to_type),
      tool("browser_fill_form", "browser.fill", "Fill several fields",
           known_input({{"*fields", "array", "In this order", {{"items", field}}}}), &to_form),
      tool("browser_evaluate", "browser.evaluate", "Evaluate JavaScript in the page",
           known_input({words,
                        {"target", "string", "A CSS selector: the element is what the function is given"},
                        {"*function", "string", "() => { … }, or (element) => { … } with a target"}}),
           &to_evaluate, &as_value),
      dialogs(),
  };
}

}  // namespace mcp
