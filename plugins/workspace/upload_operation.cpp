// A file comes to its place in one step, and so does what an archive has.
#include "upload_operation.hpp"

#include <fcntl.h>

#include <cerrno>
#include <optional>

#include "extract.hpp"
#include "new_file.hpp"

namespace workspace {

using berth::Error;
using berth::Json;

namespace {

std::string without_ending(std::string name) {
  for (const std::string_view ending : {".tar.gz", ".tar.xz", ".tgz", ".txz", ".tar", ".zip"}) {
    if (name.size() <= ending.size() || std::string_view(name).substr(name.size() - ending.size()) != ending) continue;
    name.resize(name.size() - ending.size());
    break;
  }
  return name;
}

Place where(const Asked& asked, const berth::Upload& body, bool extracted) {
  std::string path = asked.text("path");
  if (path.empty() && !body.name.empty()) path = escaped(extracted ? without_ending(body.name) : body.name);
  if (path.empty()) throw Error(422, "no_name", "the upload has no name", "say where it goes: ?path=data/table.csv");
  Place place = path[0] == '/' ? asked.root.place(path) : asked.root.place("upload/" + path);
  if (place.part != Part::upload || place.fixed())
    throw Error(422, "not_in_upload", place.shown() + " is not in upload/",
                "uploads land in /workspace/upload; workspace.copy brings them elsewhere");
  demand_change(place, asked.scope);
  return place;
}

// What the body would be refused for, as far as it can be told from its name and size; nothing is made for it. What an
// archive needs nobody knows yet.
Json foreseen(const Asked& asked, const berth::Upload& body, const Place& place, bool extracted) {
  berth::Fd folder;
  try {
    folder = asked.root.folder_to_change(place);
  } catch (const Error& error) {
    if (error.status() != 404) throw;  // otherwise it will be made
  }
  struct stat found;
  if (extracted && folder && ::fstatat(folder.get(), place.name().c_str(), &found, AT_SYMLINK_NOFOLLOW) == 0)
    throw failure(EEXIST, place);
  if (extracted) return nullptr;
  const auto old = folder ? replaceable(folder.get(), place) : std::nullopt;
  if (old && !asked.flag("overwrite")) throw failure(EEXIST, place);
  const auto room = asked.usage.demand(asked.root, body.size, old ? taken(*old) : 0);
  return nullptr;
}

Json as_it_is(const Asked& asked, const berth::Upload& body, const Place& place) {
  NewFile file(asked.root, place, true);
  const bool over = asked.flag("overwrite");
  const auto old = file.old();
  if (old && !over) throw failure(EEXIST, place);
  const std::uint64_t before = old ? taken(*old) : 0;
  auto promise = asked.usage.demand(asked.root, body.size, before);
  promise.covers(file.fd());
  body.each([&](std::string_view piece) { file.write(piece); });
  const auto made = file.put(over ? NewFile::Over::file : NewFile::Over::nothing);
  promise.became(made.st_blocks * 512 - static_cast<std::int64_t>(before));
  return {{"path", place.shown()}, {"size", made.st_size}};
}

Json extracted(const Asked& asked, const berth::Call& call, const Place& place) {
  const berth::Fd folder = asked.root.folder_to_change(place, true);
  Usage::Growing growing(asked.usage, asked.root);
  const ExtractBounds bounds{[&growing](std::uint64_t written, std::uint64_t total) { growing.to(written, total); }};
  const auto done =
      extract(call.upload().fd, folder.get(), place.name(), bounds, [&call] { return !call.cancelled(); });
  return {{"path", place.shown()},
          {"files", done.files},
          {"folders", done.folders},
          {"links", done.links},
          {"bytes", done.bytes}};
}

}  // namespace

berth::Schema upload_input() {
  using namespace berth;
  return object({
      optional("path", string()
                           .min_length(1)
                           .max_length(4096)
                           .describe("Where in upload/ it goes; without it, the body's own name")
                           .example("data/table.csv")),
      optional("extract",
               boolean().otherwise(false).describe(
                   "The body is a tar, tar.gz, tar.xz or zip: make a folder of what is in it. All of it, or nothing")),
      optional("overwrite",
               boolean().otherwise(false).describe("Replace a file that is there. Folders are not replaced")),
  });
}

Json upload(const Asked& asked, const berth::Call& call) {
  const bool open = asked.flag("extract");
  const Place place = where(asked, call.upload(), open);
  if (call.upload().announced()) return foreseen(asked, call.upload(), place, open);
  return open ? extracted(asked, call, place) : as_it_is(asked, call.upload(), place);
}

}  // namespace workspace
