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

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> all;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find('\n', at), text.size());
    if (end > at) all.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return all;
}

std::string with_refs(std::string line) {
  for (auto at = line.find(" [e"); at != std::string::npos; at = line.find(" [e", at + 3)) {
    const auto end = line.find(']', at);
    if (end != std::string::npos && is_ref(line.substr(at + 2, end - at - 2))) line.insert(at + 2, "ref=");
  }
  return line;
}

}  // namespace

std::optional<Step> only(const Json& all, const char* operation, Json input) {
  if (!all.empty()) return std::nullopt;
  return Step{operation, std::move(input)};
}

std::optional<Step> and_look(const Json& all, const char* operation, Json input) {
  if (all.size() == 1) return Step{snapshot_operation, {{"max_bytes", most_of_a_page}}};
  return only(all, operation, std::move(input));
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
    const std::string plain = line.substr(depth);
    all += std::string(2 * depth, ' ') + (plain[0] == '"' ? "- text: " : "- ") + with_refs(plain) + "\n";
  }
  return all;
}

std::string part_of_outline(const std::string& text, const std::string& ref) {
  const auto lines = lines_of(text);
  auto at = std::find_if(lines.begin(), lines.end(), [mark = " [ref=" + ref + "]"](const std::string& line) {
    return line.find(mark) != std::string::npos;
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
    text += "- " + text_in(one, "kind") + " dialog \"" + text_in(one, "text") +
            "\" was answered: " + text_in(one, "answer") + "\n";
  return text;
}

std::string snapshot_told(const Json& answer, bool changes) {
  const Json& view = part(answer, "snapshot");
  std::string text = text_in(view, "text");
  if (!changes) text = outline(text);
  if (changes && text.empty()) return {};
  if (!part(view, "next").is_null()) text += "(and more: browser_snapshot shows it, whole or the part of a target)\n";
  return (changes ? "### What has changed (+ new, - gone)\n```\n" : "### Snapshot\n```yaml\n") + text + "```\n";
}

}  // namespace

std::string page_told(const Json& all, const std::string& result) {
  const Json& last = all.back();
  std::string text = result.empty() ? "" : "### Result\n" + result + "\n";
  if (const auto why = text_in(last, "restarted"); !why.empty())
    text += "- The browser is another one than before: " + why + "\n";
  for (const Json& one : all) text += dialogs_told(one);
  text += "### Page\n- Page URL: " + text_in(last, "url") + "\n- Page Title: " + text_in(last, "title") + "\n";
  if (last.contains("snapshot")) text += snapshot_told(last, all.size() == 1);
  return text;
}
Json as_page(const Json&, const Json& all) { return told(page_told(all)); }
Json as_value(const Json&, const Json& all) {
  return told(page_told(all, berth::json_text(part(all.back(), "value"))));
}

}  // namespace mcp::for_pages
