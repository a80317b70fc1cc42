// A written file is old or new, never half; what is appended is there whole, or is cut off again.
#include "write.hpp"

#include <fcntl.h>
#include <unistd.h>

#include "content.hpp"
#include "entry.hpp"
#include "made.hpp"
#include "new_file.hpp"

namespace workspace {

using berth::Error;
using berth::Json;

namespace {

std::string content_of(const Asked& asked) {
  const std::string& given = asked.input.at("content").get_ref<const std::string&>();
  std::string bytes = asked.text("as", "text") == "base64" ? from_base64(given) : given;
  if (bytes.size() > most_content) {
    throw Error(413, "content_too_large", "one call brings at most " + std::to_string(most_content) + " bytes",
                "upload it, or append the rest in further calls");
  }
  return bytes;
}

// The file, if it is one that may be changed where it is; no descriptor, if there is none.
berth::Fd open_to_append(int folder, const std::string& name, const Place& place) {
  struct stat found;
  if (::fstatat(folder, name.c_str(), &found, AT_SYMLINK_NOFOLLOW) != 0) {
    if (errno == ENOENT) return {};
    throw failure(errno, place);
  }
  if (S_ISLNK(found.st_mode)) throw failure(ELOOP, place);
  if (!S_ISREG(found.st_mode)) {
    throw Error(422, S_ISDIR(found.st_mode) ? "is_a_folder" : "not_a_file",
                place.shown() + " is " + std::string(kind_of(found.st_mode)) + ", not a file");
  }
  constexpr int flags = O_WRONLY | O_APPEND | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
  berth::Fd file(::openat(folder, name.c_str(), flags));
  if (!file) throw failure(errno, place);
  if (::fstat(file.get(), &found) != 0 || !S_ISREG(found.st_mode)) throw failure(ENXIO, place);
  // It may be a file of upload/ under another name, or one that the caller knows nothing of.
  if (found.st_nlink > 1) {
    throw Error(403, "has_other_names", place.shown() + " is a hard link: what is appended would appear elsewhere, too",
                "write it anew, or append to a copy");
  }
  return file;
}

berth::Fd create_to_append(const Root& root, int folder, const std::string& name, const Place& place) {
  berth::Fd file = make_file_in(folder, name, O_WRONLY | O_APPEND);
  if (!file) throw failure(errno == EEXIST ? EAGAIN : errno, place);
  root.give(file.get(), place);
  return file;
}

// All or nothing: what came of it is cut off again, if nobody else has written behind it.
void append_all(int fd, std::string_view bytes, std::uint64_t before, const Place& place) {
  try {
    write_all(fd, bytes, place);
  } catch (const Error&) {
    struct stat now;
    const bool ours = ::fstat(fd, &now) == 0 && static_cast<std::uint64_t>(now.st_size) < before + bytes.size();
    if (ours && ::ftruncate(fd, static_cast<off_t>(before)) != 0) throw failure(errno, place);
    throw;
  }
}

}  // namespace

Json write_file(const Asked& asked) {
  const Place place = asked.place_to_change();
  const std::string content = content_of(asked);
  const bool create_only = asked.flag("create_only");
  NewFile half(asked.root, place, asked.flag("parents", true));
  const auto before = half.old();
  if (create_only && before) throw failure(EEXIST, place);
  auto promise = asked.usage.demand(asked.root, content.size(), before ? taken(*before) : 0);
  promise.covers(half.fd());
  half.write(content);

  const std::lock_guard lock(asked.changing);
  const auto old = half.old();
  demand_etag(asked.text("expect_etag"), old ? &*old : nullptr, place);
  const mode_t mode =
      asked.input.contains("executable") ? (asked.flag("executable") ? 0755 : 0644) : (old ? old->st_mode : 0644);
  const auto made = half.put(create_only ? NewFile::Over::nothing : NewFile::Over::file, mode);
  promise.became(static_cast<std::int64_t>(taken(made)) - static_cast<std::int64_t>(old ? taken(*old) : 0));
  Json answer = file_facts(place, made);
  answer["created"] = !old;
  return answer;
}

Json append_file(const Asked& asked) {
  const Place place = asked.place_to_change();
  const std::string content = content_of(asked), name = place.name();
  const berth::Fd folder = asked.root.folder_to_change(place, asked.flag("parents", true));
  auto promise = asked.usage.demand(asked.root, content.size());

  const std::lock_guard lock(asked.changing);
  berth::Fd file = open_to_append(folder.get(), name, place);
  const bool created = !file;
  struct stat found = {};
  if (file && ::fstat(file.get(), &found) != 0) throw failure(errno, place);
  demand_etag(asked.text("expect_etag"), created ? nullptr : &found, place);
  if (created) file = create_to_append(asked.root, folder.get(), name, place);
  try {
    append_all(file.get(), content, static_cast<std::uint64_t>(found.st_size), place);
  } catch (const Error&) {
    if (created) ::unlinkat(folder.get(), name.c_str(), 0);
    throw;
  }
  promise.became(static_cast<std::int64_t>(content.size()));
  if (::fstat(file.get(), &found) != 0) throw failure(errno, place);
  Json answer = file_facts(place, found);
  answer["created"] = created;
  return answer;
}

}  // namespace workspace
