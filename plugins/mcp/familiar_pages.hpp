// What the tools of other browsers' servers have in common: steps on plugins/browser, and a page as their clients read
// it.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "familiar.hpp"

namespace mcp::for_pages {

inline constexpr const char* snapshot_operation = "browser.snapshot";

// One step and what it is called with; `all.size()` says which.
std::optional<Step> only(const Json& all, const char* operation, Json input);
bool dialog_waits(const Json& answer);
// What the page is now; nothing if it waits for a dialog's answer, or was looked at `before` so many answers already.
std::optional<Step> look(const Json& all, std::size_t before);
// That, and what the page is then.
std::optional<Step> and_look(const Json& all, const char* operation, Json input);

// An element that a client means: one of our refs as its snapshot shows them (e5), or a selector of CSS.
Json element(const Json& arguments, const char* name, const char* ref = "ref", const char* selector = "selector");
std::string quoted(const std::string& text);  // for JavaScript

std::vector<std::string> lines_of(const std::string& text);
// Where a line of a snapshot, or of an outline, has its ref (e5): behind its role and its name, which are the page's,
// and nowhere else.
struct Place {
  std::size_t begin, end;
};
std::optional<Place> place_of_ref(const std::string& line);

// `button "Go" [e5] disabled` as `- button "Go" [ref=e5] disabled`, two spaces for each level.
std::string outline(const std::string& text);
// Of an outline what is an element's and inside of it; empty: it is not there.
std::string part_of_outline(const std::string& text, const std::string& ref);
std::string less_deep(const std::string& outline, std::size_t levels);

// The arguments that a client gave, under the names that ours have.
Json given(const Json& arguments, Json input, std::initializer_list<std::pair<const char*, const char*>> names);
Json shown(Json input);  // and what has changed in the page

// Where it is, and what an action led to; `all`: the answers of the steps.
std::string place_told(const Json& page);  // where it is
std::string page_told(const Json& all, const std::string& result = {});
Json as_page(const Json& arguments, const Json& all);
Json as_value(const Json& arguments, const Json& all);

// All tabs of the session, one after the other.
std::optional<Step> to_close_all(const Json& arguments, const Json& all);

// A tool of `group`; `looks`: it changes nothing.
using To = std::optional<Step> (*)(const Json& arguments, const Json& all);
using As = Json (*)(const Json& arguments, const Json& all);
Familiar page_tool(const char* group, bool looks, const char* name, const char* operation, const char* title,
                   Json input, To next, As result);

}  // namespace mcp::for_pages
