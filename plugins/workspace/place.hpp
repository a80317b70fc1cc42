// A path as somebody asked for it, made plain: which part of the workspace it is in, and what may be done there. Pure
// text; what lies on the disk is root.hpp's matter.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace workspace {

enum class Part { root, upload, output, deploy, store, other };  // other: right under the root, in none of its folders
std::string_view folder_of(Part part);                           // "upload", …, ".store"; "" for root and other

// Where /workspace/.todo.jsonl lies: under the root only the host may write, so that it is a link there, which the host
// makes. Here it is the same place by both its names, and no link is asked.
constexpr std::string_view todo_place = "output/.todo.jsonl";

struct Place {
  std::string path;  // relative to the workspace, its bytes; no "." or ".." and no empty piece; "" is the root itself
  Part part = Part::root;

  std::string name() const;    // its last piece
  std::string folder() const;  // where it lies; "" is the root
  bool fixed() const;          // the root or one of its four folders, which are never moved, deleted or replaced
  std::string shown() const;   // as answers have it: "/workspace/output/a.txt", escaped
};

// A path of an answer, or of a client: "/workspace/output/a", an alias in place of /workspace, or "output/a". Throws an
// Error of status 422: "..", NUL, another absolute path, a piece or a whole that is too long, a wrong escape.
// ".todo.jsonl" is output/.todo.jsonl.
Place place_of(std::string_view asked, const std::vector<std::string>& aliases = {});
// That of something in a folder; `name` is bytes from the disk.
Place within(const Place& folder, std::string_view name);

// Names are bytes, JSON is UTF-8: control characters and bytes that are no UTF-8 are written \xHH, and "\" is "\\".
std::string escaped(std::string_view bytes);
std::string unescaped(std::string_view text);  // throws an Error (422)

// Throws an Error (403) unless a caller of this scope may change what is there. upload/ is the human's (scope admin),
// .store/ the host's, and under the root itself nothing is made.
void demand_change(const Place& place, std::string_view scope);

}  // namespace workspace
