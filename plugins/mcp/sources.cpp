// In the words of the operations that they are.
#include "sources.hpp"

#include <berth/json_text.hpp>

#include <algorithm>
#include <charconv>

namespace mcp {

namespace {

Json of_file(const Json& fields) {
  return {{"path", "/workspace/" + percent_decoded(part(fields, "path").get<std::string>())}};
}
Json of_tree(const Json&) { return {{"path", "/workspace"}}; }
Json of_nothing(const Json&) { return Json::object(); }
Json of_tab(const Json& fields) { return {{"tab", part(fields, "tab")}}; }

Json as_file(const Json& answer) {
  if (const Json& bytes = part(answer, "base64"); bytes.is_string())
    return {{"blob", bytes}, {"mimeType", part(answer, "type")}};
  return {{"text", part(answer, "text")}, {"mimeType", "text/plain"}};
}
Json as_json(const Json& answer) { return {{"text", berth::json_text(answer)}}; }

}  // namespace

std::string percent_decoded(std::string_view uri) {
  std::string plain;
  for (std::size_t i = 0; i < uri.size(); ++i) {
    unsigned value = 0;
    const char* end = uri.data() + std::min(i + 3, uri.size());
    const bool coded =
        uri[i] == '%' && i + 2 < uri.size() && std::from_chars(uri.data() + i + 1, end, value, 16).ptr == end;
    plain += coded ? static_cast<char>(value) : uri[i];
    if (coded) i += 2;
  }
  return plain;
}

const std::vector<Source>& sources() {
  static const std::vector<Source> all{
      {"file:///workspace", "workspace.tree", "workspace", "The session's files", "Folders and files, as a tree",
       "application/json", &of_tree, &as_json},
      {"file:///workspace/{path...}", "workspace.read", "workspace_file", "A file of the session",
       "Its text, or its bytes; of a large one the begin", nullptr, &of_file, &as_file},
      {"kernel:///variables", "kernel.variables", "variables", "The variables of the kernel", "Names, types and sizes",
       "application/json", &of_nothing, &as_json},
      {"browser:///screenshot", "browser.screenshot", "screenshot", "A picture of the page",
       "The active tab, as it is when this is read", "image/png", &of_nothing, &as_json},
      {"browser:///tabs/{tab}/screenshot", "browser.screenshot", "tab_screenshot", "A picture of a tab",
       "Which tabs there are browser.tabs tells", "image/png", &of_tab, &as_json}};
  return all;
}

}  // namespace mcp
