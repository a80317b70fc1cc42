// Lines of a snapshot are ours; how they are written is what others are used to.
#include "familiar_pages.hpp"

#include <berth/call_parts.hpp>
#include <berth/json_text.hpp>

#include <algorithm>
#include <cctype>
#include <utility>

namespace mcp::for_pages {

namespace {

constexpr int most_of_a_page = 16'000;  // bytes that follow an action

bool is_ref(const std::string& text) {
  return text.size() > 1 && text.size() < 14 && text[0] == 'e' &&
         std::all_of(text.begin() + 1, text.end(), [](unsigned char one) { return std::isdigit(one) != 0; });
}

std::size_t spaces_of(const std::string& line) { return std::min(line.find_first_not_of(' '), line.size()); }

// Nothing that a page says looks like a ref of ours.
std::string said(std::string text) {
  for (auto at = text.find("[ref="); at != text.npos; at = text.find("[ref=", at)) text[at] = '(';
  return text;
}

std::string in_line(std::string text) {
  std::replace(text.begin(), text.end(), '\n', ' ');
  return said(std::move(text));
}

std::string with_ref(std::string line) {
  if (const auto place = place_of_ref(line)) line.insert(place->begin, "ref=");
  return line;
}

}  // namespace

bool dialog_waits(const Json& answer) { return part(answer, "dialog").is_object(); }

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> all;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find('\n', at), text.size());
    if (end > at) all.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return all;
}

// `  - button "Go" [ref=e5] disabled` or `button [e5]`.
std::optional<Place> place_of_ref(const std::string& line) {
  auto at = spaces_of(line);
  if (line.compare(at, 2, "- ") == 0) at += 2;
  at = line.find(' ', at);  // behind the role
  if (at != std::string::npos && line.compare(at, 2, " \"") == 0) {
    at = line.find('"', at + 2);
    if (at != std::string::npos) ++at;
  }
  if (at == std::string::npos || line.compare(at, 2, " [") != 0) return std::nullopt;
  at += line.compare(at + 2, 4, "ref=") == 0 ? 6 : 2;
  const auto end = line.find(']', at);
  if (end == std::string::npos || !is_ref(line.substr(at, end - at))) return std::nullopt;
  return Place{at, end};
}

std::optional<Step> only(const Json& all, const char* operation, Json input) {
  if (!all.empty()) return std::nullopt;
  return Step{operation, std::move(input)};
}

std::optional<Step> look(const Json& all, std::size_t before) {
  if (all.size() > before || dialog_waits(all.back())) return std::nullopt;
  return Step{snapshot_operation, {{"max_bytes", most_of_a_page}}};
}

std::optional<Step> and_look(const Json& all, const char* operation, Json input) {
  return all.empty() ? only(all, operation, std::move(input)) : look(all, 1);
}

Json element(const Json& arguments, const char* name, const char* ref, const char* selector) {
  std::string meant = text_in(arguments, name);
  if (meant.rfind("ref=", 0) == 0) meant.erase(0, 4);
  if (meant.empty())
    throw berth::Error(422, "invalid_input", std::string(name) + " must be a ref of the snapshot, or a selector");
  return {{is_ref(meant) ? ref : selector, meant}};
}

std::string quoted(const std::string& text) { return berth::json_text(Json(text)); }

std::string outline(const std::string& text) {
  std::string all;
  for (const auto& line : lines_of(text)) {
    const auto depth = spaces_of(line);
    const std::string plain = said(line.substr(depth));
    all += std::string(2 * depth, ' ') + (plain[0] == '"' ? "- text: " + plain : "- " + with_ref(plain)) + "\n";
  }
  return all;
}

std::string part_of_outline(const std::string& text, const std::string& ref) {
  const auto lines = lines_of(text);
  auto at = std::find_if(lines.begin(), lines.end(), [&ref](const std::string& line) {
    const auto place = place_of_ref(line);
    return place && line.compare(place->begin, place->end - place->begin, ref) == 0;
  });
  if (at == lines.end()) return {};
  const auto depth = spaces_of(*at);
  std::string all = at->substr(depth) + "\n";
  while (++at != lines.end() && spaces_of(*at) > depth) all += at->substr(depth) + "\n";
  return all;
}

std::string less_deep(const std::string& outline, std::size_t levels) {
  std::string all;
  for (const auto& line : lines_of(outline))
    if (spaces_of(line) / 2 < levels) all += line + "\n";
  return all;
}

Json given(const Json& arguments, Json input, std::initializer_list<std::pair<const char*, const char*>> names) {
  for (const auto& [theirs, ours] : names)
    if (const Json& value = part(arguments, theirs); !value.is_null()) input[ours] = value;
  return input;
}
Json shown(Json input) {
  input["snapshot"] = true;
  return input;
}

namespace {

std::string dialogs_told(const Json& answer) {
  std::string text;
  for (const Json& one : list_in(answer, "dialogs"))
    text += "- " + text_in(one, "kind") + " dialog \"" + in_line(text_in(one, "text")) +
            "\" was answered: " + text_in(one, "answer") + "\n";
  return text;
}

std::string dialog_told(const Json& answer) {
  if (!dialog_waits(answer)) return {};
  const Json& one = part(answer, "dialog");
  return "- " + text_in(one, "kind") + " dialog \"" + in_line(text_in(one, "text")) +
         "\" is open, and the page waits: browser_handle_dialog answers it\n";
}

std::string snapshot_told(const Json& answer, bool changes) {
  const Json& view = part(answer, "snapshot");
  std::string text = text_in(view, "text");
  text = changes ? said(text) : outline(text);
  if (changes && text.empty()) return {};
  if (!part(view, "next").is_null()) text += "(and more: browser_snapshot shows it, whole or the part of a target)\n";
  return (changes ? "### What has changed (+ new, - gone)\n```\n" : "### Snapshot\n```yaml\n") + text + "```\n";
}

}  // namespace

std::string place_told(const Json& page) {
  return "### Page\n- Page URL: " + text_in(page, "url") + "\n- Page Title: " + in_line(text_in(page, "title")) + "\n";
}

std::string page_told(const Json& all, const std::string& result) {
  const Json& last = all.back();
  std::string text = result.empty() ? "" : "### Result\n" + result + "\n";
  if (const auto why = text_in(last, "restarted"); !why.empty())
    text += "- The browser is another one than before: " + why + "\n";
  for (const Json& one : all) text += dialogs_told(one);
  text += dialog_told(last);
  if (last.contains("file_chooser")) text += "- The page wants a file: browser_file_upload gives it\n";
  text += place_told(last);
  if (last.contains("snapshot")) text += snapshot_told(last, all.size() == 1);
  return text;
}
Json as_page(const Json&, const Json& all) { return told(page_told(all)); }
Json as_value(const Json&, const Json& all) {
  return told(page_told(all, berth::json_text(part(all.back(), "value"))));
}

std::optional<Step> to_close_all(const Json&, const Json& all) {
  if (all.empty()) return Step{"browser.tabs", Json::object()};
  const Json& tabs = list_in(all[0], "tabs");
  if (all.size() > tabs.size()) return std::nullopt;
  return Step{"browser.close_tab", {{"tab", part(tabs[all.size() - 1], "tab")}}};
}

Familiar page_tool(const char* group, bool looks, const char* name, const char* operation, const char* title,
                   Json input, To next, As result) {
  Json hints{{"readOnlyHint", looks}, {"openWorldHint", true}};
  if (!looks) hints["destructiveHint"] = true;
  return {group, name, operation, title, title, std::move(input), std::move(hints), nullptr, result, false, next};
}

}  // namespace mcp::for_pages
