// The tools of the reference server `filesystem`, on plugins/workspace, in the words that its clients read.
#include <berth/json_text.hpp>
#include <fnmatch.h>

#include <algorithm>
#include <cstdio>
#include <utility>

#include "catalogue.hpp"
#include "content.hpp"
#include "familiar.hpp"

namespace mcp {

namespace for_files {
namespace {

using Inputs = std::vector<Json>;
constexpr int most_lines = 20'000, most_entries = 1000, most_nodes = 5000, most_levels = 16;

Json said(const std::string& text) {
  Json all = told(text);
  all["structuredContent"] = {{"content", text}};
  return all;
}

// Reading.

Inputs of_text(const Json& arguments) {
  Json input{{"path", part(arguments, "path")}, {"as", "text"}};
  for (const char* end : {"head", "tail"})
    if (const Json& lines = part(arguments, end); !lines.is_null()) input[end] = lines;
  if (input.size() == 2) input["lines"] = most_lines;
  return {input};
}
std::string text_of(const Json& answer) {
  std::string text = text_in(answer, "text");
  if (part(answer, "truncated") == true && answer.contains("next_line"))
    text +=
        "\n[there is more, from line " + berth::json_text(answer["next_line"]) + " on: read it with head or tail]\n";
  return text;
}
Json as_text(const Json&, const Json& all) { return said(text_of(all.at(0))); }

Inputs of_each_path(const Json& arguments) {
  Inputs all;
  const Json& paths = part(arguments, "paths");
  if (!paths.is_array() || paths.size() > 100) return all;
  for (const Json& path : paths) all.push_back({{"path", path}, {"as", "text"}, {"lines", most_lines}});
  return all;
}
Json as_texts(const Json& arguments, const Json& all) {
  std::string text;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const std::string name = berth::json_text(arguments["paths"][i]);
    const std::string path = arguments["paths"][i].is_string() ? arguments["paths"][i].get<std::string>() : name;
    const bool failed = all[i].contains("failed");
    text += (i > 0 ? "\n---\n" : "") + path + ":";
    text += failed ? " Error - " + text_in(all[i], "failed") : "\n" + text_of(all[i]) + "\n";
  }
  return said(text);
}

Inputs of_media(const Json& arguments) { return {{{"path", part(arguments, "path")}, {"as", "binary"}}}; }

Json as_media(const Json& arguments, const Json& all) {
  const Json& answer = all.at(0);
  const std::string type = text_in(answer, "type"), data = text_in(answer, "base64");
  const std::string kind = type.substr(0, 6);
  Json block{{"type", kind == "image/" || kind == "audio/" ? kind.substr(0, 5) : "resource"}};
  if (block["type"] == "resource")
    block["resource"] = {{"uri", "file://" + text_in(answer, "path")}, {"mimeType", type}, {"blob", data}};
  else
    block.update({{"mimeType", type}, {"data", data}});
  static_cast<void>(arguments);
  return {{"content", Json::array({std::move(block)})}};
}

// Looking.

Inputs of_path(const Json& arguments) { return {{{"path", part(arguments, "path")}}}; }
Inputs of_folder(const Json& arguments) {
  Json input{{"path", part(arguments, "path")}, {"limit", most_entries}};
  if (const Json& sort = part(arguments, "sortBy"); !sort.is_null()) input["sort"] = sort;
  return {input};
}
bool is_folder(const Json& entry) { return part(entry, "kind") == "folder"; }

std::string left_of(const Json& answer, std::size_t shown) {
  const Json& total = part(answer, "total");
  if (!total.is_number_unsigned() || total.get<std::size_t>() <= shown) return {};
  return "\n[and " + std::to_string(total.get<std::size_t>() - shown) + " more]";
}

Json as_list(const Json&, const Json& all) {
  std::string text;
  for (const Json& entry : part(all.at(0), "entries"))
    text += (text.empty() ? "" : "\n") + std::string(is_folder(entry) ? "[DIR] " : "[FILE] ") + text_in(entry, "name");
  return said(text + left_of(all.at(0), part(all.at(0), "entries").size()));
}

std::string size_text(double bytes) {
  const char* units[]{"B", "KB", "MB", "GB", "TB"};
  std::size_t unit = 0;
  for (; bytes >= 1024 && unit < 4; ++unit) bytes /= 1024;
  char text[64];
  std::snprintf(text, sizeof text, unit == 0 ? "%.0f %s" : "%.2f %s", bytes, units[unit]);
  return text;
}

std::string padded(std::string text, std::size_t width, bool before = false) {
  if (text.size() < width) text.insert(before ? 0 : text.size(), width - text.size(), ' ');
  return text;
}

Json as_list_with_sizes(const Json&, const Json& all) {
  std::string text;
  double sum = 0;
  std::size_t files = 0, folders = 0;
  for (const Json& entry : part(all.at(0), "entries")) {
    const bool folder = is_folder(entry);
    const double size = part(entry, "size").is_number() ? entry["size"].get<double>() : 0;
    sum += size;
    ++(folder ? folders : files);
    text += (folder ? "[DIR] " : "[FILE] ") + padded(text_in(entry, "name"), 30);
    text += folder ? "\n" : " " + padded(size_text(size), 10, true) + "\n";
  }
  text += "\nTotal: " + std::to_string(files) + " files, " + std::to_string(folders) + " directories\n";
  return said(text + "Combined size: " + size_text(sum) + left_of(all.at(0), files + folders));
}

Inputs of_tree(const Json& arguments) {
  return {{{"path", part(arguments, "path")}, {"depth", most_levels}, {"limit", most_nodes}}};
}

bool left_out(const std::string& path, const Json& patterns) {
  const auto slash = path.rfind('/');
  const std::string name = slash == std::string::npos ? path : path.substr(slash + 1);
  return std::any_of(patterns.begin(), patterns.end(), [&](const Json& one) {
    if (!one.is_string()) return false;
    const auto& pattern = one.get_ref<const std::string&>();
    return ::fnmatch(pattern.c_str(), path.c_str(), 0) == 0 || ::fnmatch(pattern.c_str(), name.c_str(), 0) == 0;
  });
}

// As deep as the operation's answer is, which has a bound.
Json branches(const Json& folder, const std::string& path, const Json& patterns) {  // NOLINT(misc-no-recursion)
  Json all = Json::array();
  for (const Json& entry : part(folder, "children")) {
    const std::string name = text_in(entry, "name"), here = path.empty() ? name : path + "/" + name;
    if (left_out(here, patterns)) continue;
    Json one{{"name", name}, {"type", is_folder(entry) ? "directory" : "file"}};
    if (is_folder(entry)) one["children"] = branches(entry, here, patterns);
    all.push_back(std::move(one));
  }
  return all;
}

Json as_tree(const Json& arguments, const Json& all) {
  const Json& patterns = part(arguments, "excludePatterns");
  std::string text = branches(part(all.at(0), "tree"), {}, patterns.is_array() ? patterns : Json::array()).dump(2);
  if (part(all.at(0), "truncated") == true) text += "\n[there is more: ask for a folder of it]";
  return said(text);
}

Inputs of_search(const Json& arguments) {
  Json globs = Json::array({part(arguments, "pattern")});
  const Json& out = part(arguments, "excludePatterns");
  for (const Json& one : out.is_array() ? out : Json::array())
    globs.push_back(one.is_string() ? Json("!" + one.get<std::string>()) : one);
  return {{{"path", part(arguments, "path")}, {"glob", globs}, {"hidden", true}}};
}
Json as_found(const Json&, const Json& all) {
  std::string text;
  bool whole = false;
  for (const Json& one : all.at(0)) {
    const Json& data = part(one, "data");
    if (part(one, "event") == "match") text += text_in(data, "path") + "\n";
    if (part(one, "event") == "end") whole = part(data, "whole") == true;
  }
  if (!text.empty()) text.pop_back();
  if (!whole) text += "\n[and maybe more: the search was not finished]";
  return said(text.empty() ? "No matches found" : text);
}

Json as_facts(const Json&, const Json& all) {
  const Json& facts = all.at(0);
  std::string mode = text_in(facts, "mode"), text;
  if (mode.size() == 4 && mode[0] == '0') mode.erase(0, 1);
  if (facts.contains("size")) text += "size: " + berth::json_text(facts["size"]) + "\n";
  text += "modified: " + text_in(facts, "modified") + "\nisDirectory: " + (is_folder(facts) ? "true" : "false");
  text += std::string("\nisFile: ") + (part(facts, "kind") == "file" ? "true" : "false") + "\npermissions: " + mode;
  return said(text);
}

Inputs of_root(const Json&) { return {{{"path", "/workspace"}}}; }
Json as_root(const Json&, const Json& all) { return said("Allowed directories:\n" + text_in(all.at(0), "path")); }

// Changing.

Inputs of_write(const Json& arguments) {
  return {{{"path", part(arguments, "path")}, {"content", part(arguments, "content")}}};
}
Json as_written(const Json& arguments, const Json&) {
  return said("Successfully wrote to " + text_in(arguments, "path"));
}
Inputs of_edit(const Json& arguments) {
  Json edits = Json::array();
  for (const Json& one : part(arguments, "edits"))
    edits.push_back({{"old_text", part(one, "oldText")}, {"new_text", part(one, "newText")}});
  Json input{{"path", part(arguments, "path")}, {"edits", std::move(edits)}};
  if (const Json& dry = part(arguments, "dryRun"); !dry.is_null()) input["dry_run"] = dry;
  return {input};
}
Json as_diff(const Json&, const Json& all) { return said("```diff\n" + text_in(all.at(0), "diff") + "```\n\n"); }
Inputs of_mkdir(const Json& arguments) { return {{{"path", part(arguments, "path")}, {"parents", true}}}; }
Json as_made(const Json& arguments, const Json&) {
  return said("Successfully created directory " + text_in(arguments, "path"));
}
Inputs of_move(const Json& arguments) {
  return {{{"from", part(arguments, "source")}, {"to", part(arguments, "destination")}}};
}
Json as_moved(const Json& arguments, const Json&) {
  return said("Successfully moved " + text_in(arguments, "source") + " to " + text_in(arguments, "destination"));
}

const KnownField path{"*path", "string", "As /workspace/output/a, or output/a"};
const KnownField out{"excludePatterns", "array", "Names that are left out", {{"items", {{"type", "string"}}}}};

using ToInputs = Inputs (*)(const Json&);
using ToResult = Json (*)(const Json&, const Json&);
Familiar looks(const char* name, const char* operation, const char* title, Json input, ToInputs to, ToResult from) {
  const Json hints{{"readOnlyHint", true}, {"openWorldHint", false}};
  return {"filesystem", name, operation, title, title, std::move(input), hints, to, from, from != &as_media};
}
Familiar changes(const char* name, const char* operation, const char* title, Json input, ToInputs to, ToResult from,
                 bool destructive, bool idempotent) {
  const Json hints{{"readOnlyHint", false},
                   {"destructiveHint", destructive},
                   {"idempotentHint", idempotent},
                   {"openWorldHint", false}};
  return {"filesystem", name, operation, title, title, std::move(input), hints, to, from, true};
}

}  // namespace
}  // namespace for_files

std::vector<Familiar> filesystem_tools() {
  using namespace for_files;
  const KnownField head{"head", "number", "So many lines from the begin"}, tail{"tail", "number", "… from the end"};
  const Json text = known_input({path, tail, head}), place = known_input({path});
  const KnownField paths{"*paths", "array", "At most 100", {{"items", {{"type", "string"}}}, {"minItems", 1}}};
  const KnownField sort{"sortBy", "string", "By what", {{"enum", {"name", "size"}}}};
  const Json edit = known_input(
      {{"*oldText", "string", "What is there, exactly once"}, {"*newText", "string", "What takes its place"}});
  const Json edits = known_input(
      {path, {"*edits", "array", "In this order", {{"items", edit}}}, {"dryRun", "boolean", "Only shows the diff"}});
  const Json move = known_input({{"*source", "string", "What"}, {"*destination", "string", "Its new path"}});
  const Json search = known_input({path, {"*pattern", "string", "A glob, as **/*.txt"}, out});
  return {
      looks("read_file", "workspace.read", "Reads a file as text (as read_text_file)", text, &of_text, &as_text),
      looks("read_text_file", "workspace.read", "Reads a file as text", text, &of_text, &as_text),
      looks("read_media_file", "workspace.read", "Reads an image or another file as base64", place, &of_media,
            &as_media),
      looks("read_multiple_files", "workspace.read", "Reads several files as text", known_input({paths}), &of_each_path,
            &as_texts),
      changes("write_file", "workspace.write", "Writes a file, in place of what was there",
              known_input({path, {"*content", "string", "Its text"}}), &of_write, &as_written, true, true),
      changes("edit_file", "workspace.edit", "Replaces exact pieces of a text file", edits, &of_edit, &as_diff, true,
              false),
      changes("create_directory", "workspace.mkdir", "Makes a folder; fine if it is there", place, &of_mkdir, &as_made,
              false, true),
      looks("list_directory", "workspace.list", "Lists what is in a folder", place, &of_folder, &as_list),
      looks("list_directory_with_sizes", "workspace.list", "Lists what is in a folder, with sizes",
            known_input({path, sort}), &of_folder, &as_list_with_sizes),
      looks("directory_tree", "workspace.tree", "A folder and what is beneath it, as JSON", known_input({path, out}),
            &of_tree, &as_tree),
      changes("move_file", "workspace.move", "Moves or renames a file or folder", move, &of_move, &as_moved, true,
              false),
      looks("search_files", "workspace.search", "Searches names", search, &of_search, &as_found),
      looks("get_file_info", "workspace.stat", "Kind, size, time and mode of a file or folder", place, &of_path,
            &as_facts),
      looks("list_allowed_directories", "workspace.stat", "Where files may be", known_input({}), &of_root, &as_root),
  };
}

}  // namespace mcp
