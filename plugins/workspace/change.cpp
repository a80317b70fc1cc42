// What changes folders, and reads no content.
#include "change.hpp"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "entry.hpp"
#include "made.hpp"
#include "new_file.hpp"
#include "remove.hpp"

namespace workspace {

using berth::Error;
using berth::Json;

namespace {

struct stat look_in(int folder, const Place& place) {
  struct stat found;
  if (::fstatat(folder, place.name().c_str(), &found, AT_SYMLINK_NOFOLLOW) != 0) throw failure(errno, place);
  return found;
}

// A file or link in place of a file or link; a folder takes nobody's place.
void demand_replaceable(int folder, const Place& from, const Place& to, bool from_is_folder) {
  struct stat found;
  if (::fstatat(folder, to.name().c_str(), &found, AT_SYMLINK_NOFOLLOW) != 0) return;
  if (S_ISDIR(found.st_mode) || from_is_folder) {
    throw Error(
        409, "exists",
        to.shown() + " is there already, and " + (from_is_folder ? from.shown() + " is a folder" : "it is a folder"),
        "say the whole new path: " + within(to, from.name()).shown());
  }
}

// What is moved keeps its owner and its other hard links: in upload/ neither may be the agent's, nor the human's
// elsewhere.
void demand_same_owner(const Place& from, const Place& to) {
  if ((from.part == Part::upload) == (to.part == Part::upload)) return;
  throw Error(422, "another_owner", "what is in upload/ is the human's, and what is elsewhere the agent's",
              "copy it there, then delete it here");
}

}  // namespace

void demand_not_fixed(const Place& place, const char* what) {
  if (!place.fixed()) return;
  throw Error(403, "stays",
              "the workspace and its folders upload, output, deploy and .store are never " + std::string(what),
              "name something that is in them");
}

Json move_entry(const Asked& asked) {
  const Place from = asked.place_to_change("from"), to = asked.place_to_change("to");
  demand_not_fixed(from, "moved");
  demand_not_fixed(to, "replaced");
  demand_same_owner(from, to);
  const bool replace = asked.flag("replace");
  const berth::Fd source = asked.root.folder_to_change(from);
  const berth::Fd target = asked.root.folder_to_change(to, asked.flag("parents", true));
  const std::string name = from.name(), other = to.name();

  const std::lock_guard lock(asked.changing);
  const auto moved = look_in(source.get(), from);
  demand_etag(asked.text("expect_etag"), &moved, from);
  if (replace) demand_replaceable(target.get(), from, to, S_ISDIR(moved.st_mode));
  const int went_wrong = !replace ? rename_to_free(source.get(), name, target.get(), other)
                         : ::renameat(source.get(), name.c_str(), target.get(), other.c_str()) == 0 ? 0
                                                                                                    : errno;
  if (went_wrong == EINVAL) throw Error(422, "into_itself", "a folder cannot be moved into itself");
  if (went_wrong == EXDEV) {
    throw Error(422, "another_disk", "that would lead to another disk", "copy it there, then delete it here");
  }
  if (went_wrong != 0) throw failure(went_wrong, went_wrong == ENOENT ? from : to);
  if (replace) asked.usage.forget();
  Json answer = entry_of(to.name(), moved);
  answer["path"] = to.shown();
  answer["from"] = from.shown();
  return answer;
}

Json delete_entry(const Asked& asked) {
  const Place place = asked.place();
  demand_not_fixed(place, "deleted");
  demand_change(place, asked.scope);
  const berth::Fd folder = asked.root.folder_to_change(place);
  const std::string name = place.name();
  {
    const std::lock_guard lock(asked.changing);
    const auto found = look_in(folder.get(), place);
    demand_etag(asked.text("expect_etag"), &found, place);
    if (!S_ISDIR(found.st_mode) || !asked.flag("recursive")) {
      if (::unlinkat(folder.get(), name.c_str(), S_ISDIR(found.st_mode) ? AT_REMOVEDIR : 0) != 0)
        throw failure(errno, place);
      asked.usage.changed(found.st_nlink > 1 && !S_ISDIR(found.st_mode) ? 0 : -found.st_blocks * 512);
      return {{"path", place.shown()}, {"deleted", 1}};
    }
  }
  std::size_t count = 0;
  try {
    count = remove_all(folder.get(), name, place);
  } catch (const Error&) {
    asked.usage.forget();
    throw;
  }
  asked.usage.forget();
  return {{"path", place.shown()}, {"deleted", count}};
}

Json make_folder(const Asked& asked) {
  const Place place = asked.place();
  if (!place.fixed()) demand_change(place, asked.scope);
  if (place.part == Part::other || place.path == todo_place)
    throw Error(403, "read_only", "no folder is made under the workspace itself, or for .todo.jsonl",
                "make it in /workspace/output or /workspace/deploy");
  bool created = false;
  if (!place.fixed()) {
    const berth::Fd folder = asked.root.folder_to_change(place, asked.flag("parents", true));
    auto promise = asked.usage.demand(asked.root, of_folder);
    const auto made = make_folder_in(folder.get(), place.name());
    if (!made.fd) throw failure(errno == ENOTDIR || errno == ELOOP ? EEXIST : errno, place);
    created = made.made;
    if (created) asked.root.give(made.fd.get(), place);
    if (created) promise.became(static_cast<std::int64_t>(of_folder));
  }
  return {{"path", place.shown()}, {"created", created}};
}

}  // namespace workspace
